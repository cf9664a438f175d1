package io.platformkit.ml.batching;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.platformkit.ml.VersionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Shows what one batcher does in the host's registry, until it is closed. */
final class BatchMetrics implements AutoCloseable {
  private static final String PREFIX = "platform.ml.batch.";

  final DistributionSummary rows;
  final Timer wait;
  final Timer compute;
  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> registered = new ArrayList<>();

  BatchMetrics(MeterRegistry registry, VersionId id, Counters counters, Supplier<Number> waiting) {
    this.registry = registry;
    this.tags = Tags.of("model", id.model(), "version", id.version());
    this.rows =
        added(
            DistributionSummary.builder(PREFIX + "rows")
                .description("Rows of a batch")
                .tags(tags)
                .register(registry));
    this.wait =
        added(
            Timer.builder(PREFIX + "wait")
                .description("From a request to the begin of its computation")
                .tags(tags)
                .register(registry));
    this.compute =
        added(
            Timer.builder(PREFIX + "compute")
                .description("Runs of the model")
                .tags(tags)
                .register(registry));
    added(
        Gauge.builder(PREFIX + "waiting", waiting)
            .description("Rows in the queue")
            .tags(tags)
            .register(registry));
    for (Priority priority : Priority.values()) {
      Tags one = tags.and("priority", priority.name().toLowerCase(Locale.ROOT));
      count("expired", one, counters, all -> all.expired(priority).sum());
      for (String reason : Counters.REASONS) {
        count("shed", one.and("reason", reason), counters, all -> all.shed(reason, priority).sum());
      }
    }
    count("failed", tags, counters, all -> all.failed.sum());
    count("cancelled", tags, counters, all -> all.cancelled.sum());
  }

  private void count(String name, Tags of, Counters counters, ToDoubleFunction<Counters> counted) {
    added(FunctionCounter.builder(PREFIX + name, counters, counted).tags(of).register(registry));
  }

  private <M extends Meter> M added(M meter) {
    registered.add(meter);
    return meter;
  }

  @Override
  public void close() {
    registered.forEach(registry::remove);
  }
}
