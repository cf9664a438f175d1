package io.platformkit.examples.opsconsole;

import io.platformkit.ml.VersionId;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.VersionStatistics;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The versions of models that were asked within about a minute: requests and errors a second,
 * milliseconds to an answer, rows a batch, and the percentage of answers that the cache had.
 */
final class ModelProbe implements Probe {
  /** Long enough for some requests, and for six metrics a version not to fill a disk. */
  private static final Duration PERIOD = Duration.ofSeconds(2);

  private final ModelServer server;
  private final Rates rates;
  private Map<VersionId, Set<String>> drawn = Map.of();

  ModelProbe(ModelServer server, LongSupplier nanoTime) {
    this.server = server;
    rates = new Rates(nanoTime);
  }

  @Override
  public String name() {
    return "models";
  }

  @Override
  public Duration period() {
    return PERIOD;
  }

  @Override
  public void read(Readings readings) {
    Map<VersionId, Set<String>> now = new HashMap<>();
    for (VersionStatistics version : server.statistics().loaded()) {
      if (version.lastMinute() > 0) {
        now.put(version.id(), read(version, readings));
      }
    }
    drawn.forEach((version, metrics) ->
        metrics.stream()
            .filter(metric -> !now.getOrDefault(version, Set.of()).contains(metric))
            .forEach(metric -> readings.gap(metric, labels(version))));
    drawn = now;
  }

  /** Gives the metrics that there was a value of. */
  private Set<String> read(VersionStatistics version, Readings readings) {
    Set<String> metrics = new HashSet<>();
    values(version)
        .forEach((metric, value) -> {
          if (Double.isFinite(value)) {
            readings.add(metric, labels(version.id()), value);
            metrics.add(metric);
          }
        });
    return metrics;
  }

  private Map<String, Double> values(VersionStatistics version) {
    double cached = perSecond(version, "cached", version.cached());
    double done = perSecond(version, "done", version.done());
    long rows = version.batches().map(batches -> batches.rows()).orElse(0L);
    long batches = version.batches().map(all -> all.batches()).orElse(0L);
    return Map.of(
        "model.requests", perSecond(version, "requests", version.requests()),
        "model.errors", perSecond(version, "errors", version.errors()),
        "model.latency.p50", millis(version.p50()),
        "model.latency.p99", millis(version.p99()),
        "model.cache.hits", 100 * cached / (cached + done),
        "model.batch.rows",
            perSecond(version, "rows", rows) / perSecond(version, "batches", batches));
  }

  private double perSecond(VersionStatistics version, String counter, long value) {
    return rates.perSecond(counter + " of " + version.id(), value);
  }

  private static Map<String, String> labels(VersionId id) {
    return Map.of("model", id.model(), "version", id.version());
  }

  private static double millis(Duration time) {
    return time.toNanos() / 1e6;
  }
}
