package io.platformkit.examples.opsconsole;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.timeseries.MetricStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/health}: healthy while every probe delivers, degraded with the names of those
 * that do not otherwise. 200 both times: the console itself answers.
 */
final class Health implements HttpEndpoint {
  private final MetricStore store;
  private final MachineSampler sampler;
  private final InstantSource clock;
  private final long startNanos = System.nanoTime();

  Health(MetricStore store, MachineSampler sampler, InstantSource clock) {
    this.store = store;
    this.sampler = sampler;
    this.clock = clock;
  }

  @Override
  public Response handle(Request request) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<String, ProbeHealth> probes = sampler.health(now);
    boolean healthy = probes.values().stream().allMatch(ProbeHealth::isOk);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", healthy ? "healthy" : "degraded");
    answer.put("service", "ops-console");
    answer.put("host", sampler.host());
    answer.put("timestamp", now);
    answer.put("uptime_seconds", Duration.ofNanos(System.nanoTime() - startNanos).toSeconds());
    answer.put("series_count", seriesCount());
    Map<String, Object> reports = new TreeMap<>();
    probes.forEach((name, health) -> reports.put(name, report(health)));
    answer.put("probes", reports);
    return Response.json(answer).withHeader("Cache-Control", "no-store");
  }

  private int seriesCount() {
    return store.metrics().stream().mapToInt(metric -> store.series(metric).size()).sum();
  }

  private static Map<String, @Nullable Object> report(ProbeHealth health) {
    Map<String, @Nullable Object> report = new LinkedHashMap<>();
    report.put("status", health.status());
    report.put("last_reading", health.lastReading());
    report.put("readings", health.readings());
    report.put("failures", health.failures());
    report.put("skipped", health.skipped());
    return report;
  }
}
