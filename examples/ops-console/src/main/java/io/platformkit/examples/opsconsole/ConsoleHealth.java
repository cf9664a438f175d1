package io.platformkit.examples.opsconsole;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.health.CheckResult;
import io.platformkit.core.health.Checks;
import io.platformkit.core.health.Health;
import io.platformkit.core.health.HealthCheck;
import io.platformkit.core.http.Request;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.timeseries.MetricStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How the console is doing: its stores, its probes, and the disk that it is on. */
final class ConsoleHealth {
  private static final long DEGRADED_BELOW = 1L << 30;
  private static final long UNHEALTHY_BELOW = 100L << 20;

  private final MetricStore store;
  private final MachineSampler sampler;
  private final InstantSource clock;

  private ConsoleHealth(MetricStore store, MachineSampler sampler, InstantSource clock) {
    this.store = store;
    this.sampler = sampler;
    this.clock = clock;
  }

  /**
   * The console's checks.
   *
   * @param models whether those that are in production answer; the console goes on without them
   * @param redis what consoles share, if they do; the console goes on without it
   * @param seesDetails who is shown each check
   */
  static Health of(
      MetricStore store,
      MachineSampler sampler,
      HealthCheck models,
      Optional<KeyValueStore> redis,
      InstantSource clock,
      Predicate<Request> seesDetails,
      MeterRegistry registry) {
    ConsoleHealth console = new ConsoleHealth(store, sampler, clock);
    Health.Builder health =
        Health.builder("ops-console")
            .check("metric-store", Checks.metricStore(store))
            .optionalCheck("probes", console::probes)
            .optionalCheck("models", models)
            .optionalCheck("disk", Checks.diskSpace(Path.of(""), DEGRADED_BELOW, UNHEALTHY_BELOW))
            .fact("host", sampler::host)
            .fact("series_count", console::seriesCount)
            .fact("probes", console::probeReports)
            .seesDetails(seesDetails)
            .clock(clock)
            .meterRegistry(registry);
    redis.ifPresent(shared -> health.optionalCheck("redis", Checks.keyValues(shared)));
    return health.build();
  }

  private CheckResult probes() {
    List<String> failing =
        sampler.health(clock.instant()).entrySet().stream()
            .filter(probe -> !probe.getValue().isOk())
            .map(Map.Entry::getKey)
            .toList();
    return failing.isEmpty()
        ? CheckResult.healthy("all deliver")
        : CheckResult.degraded(String.join(", ", failing) + " don't deliver");
  }

  private int seriesCount() {
    return store.metrics().stream().mapToInt(metric -> store.series(metric).size()).sum();
  }

  private Map<String, Object> probeReports() {
    Instant now = clock.instant();
    Map<String, Object> reports = new TreeMap<>();
    sampler.health(now).forEach((name, health) -> reports.put(name, report(health)));
    return reports;
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
