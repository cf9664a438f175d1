package io.platformkit.ml.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.platformkit.core.Timers;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.BatchStats;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;

/** Counts what a version is asked and how it answers. Safe for concurrent use. */
final class VersionStats {
  /** What came of a request. */
  enum Result {
    DONE,
    CACHED,
    REFUSED,
    OVERLOADED,
    EXPIRED,
    FAILED;

    static Result of(Served<?> served) {
      return switch (served) {
        case Served.Done<?> done -> done.cached() ? CACHED : DONE;
        case Served.Refused<?> refused -> REFUSED;
        case Served.NotFound<?> notFound -> REFUSED;
        case Served.Unavailable<?> unavailable -> FAILED;
        case Served.Overloaded<?> overloaded -> OVERLOADED;
        case Served.Expired<?> expired -> EXPIRED;
        case Served.Failed<?> failed -> FAILED;
      };
    }
  }

  private final VersionId id;
  private final Map<Result, LongAdder> counts = new EnumMap<>(Result.class);
  private final Map<Result, Counter> counters = new EnumMap<>(Result.class);
  private final LongAdder nanos = new LongAdder();
  private final RecentTimes times;
  private final MeterRegistry registry;
  private final Timer timer;

  VersionStats(VersionId id, Timers timers, MeterRegistry registry) {
    this.id = id;
    this.times = new RecentTimes(timers);
    this.registry = registry;
    for (Result result : Result.values()) {
      counts.put(result, new LongAdder());
      counters.put(
          result,
          Counter.builder("platform.ml.requests")
              .description("Requests to a model's version, by what came of them")
              .tag("model", id.model())
              .tag("version", id.version())
              .tag("result", result.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    timer =
        Timer.builder("platform.ml.latency")
            .description("From a request to its answer, of those that were answered")
            .tag("model", id.model())
            .tag("version", id.version())
            .register(registry);
  }

  void count(Served<?> served) {
    add(Result.of(served));
    if (served instanceof Served.Done<?> done) {
      nanos.add(done.took().toNanos());
      times.record(done.took().toNanos());
      timer.record(done.took());
    }
  }

  private void add(Result result) {
    LongAdder count = counts.get(result);
    Counter counter = counters.get(result);
    if (count != null && counter != null) {
      count.increment();
      counter.increment();
    }
  }

  private long of(Result result) {
    LongAdder count = counts.get(result);
    return count == null ? 0 : count.sum();
  }

  VersionStatistics snapshot(long bytes, Optional<BatchStats> batches) {
    Histogram minute = times.minute();
    return new VersionStatistics(
        id,
        of(Result.DONE),
        of(Result.CACHED),
        of(Result.REFUSED),
        of(Result.OVERLOADED),
        of(Result.EXPIRED),
        of(Result.FAILED),
        minute.getTotalCount(),
        micros(minute.getValueAtPercentile(50)),
        micros(minute.getValueAtPercentile(99)),
        mean(),
        bytes,
        batches);
  }

  private Duration mean() {
    long answered = of(Result.DONE) + of(Result.CACHED);
    return answered == 0 ? Duration.ZERO : Duration.ofNanos(nanos.sum() / answered);
  }

  private static Duration micros(long micros) {
    return Duration.of(micros, ChronoUnit.MICROS);
  }

  /** Ends its meters, so that versions that come and go leave nothing behind. */
  void close() {
    counters.values().forEach(registry::remove);
    registry.remove(timer);
  }
}
