package io.platformkit.core.timeseries;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link MetricStore}: everything in this process' memory, gone with it. 16 bytes a
 * raw sample, 100 an hour rolled up. Safe for concurrent use; nothing blocks but for the lock of
 * one series, and of the store for a new one. Writes are done when they return.
 *
 * <p>Raw samples are kept for the retention, at most so many a series; hourly roll-ups for longer.
 * Queries in steps of whole hours read the roll-ups, so they reach back further than raw samples
 * do; an hour that the range cuts is answered from raw samples alone. A series of which nothing is
 * left is forgotten; that is found out in passing, once a minute.
 */
public final class InMemoryMetricStore implements MetricStore {
  private static final long MINUTE = 60_000;

  private static final long SECOND = 1_000;

  /** As good as for ever; a time less it does not overflow. */
  private static final Duration LONGEST = Duration.ofMillis(Times.LARGEST);

  private final Lifecycle lifecycle = new Lifecycle("metric store");
  private final InstantSource clock;
  private final long retention;
  private final long rollUpRetention;
  private final long window;
  private final long maxAhead;
  private final int maxPoints;
  private final int maxSeries;
  private final MeterRegistry meters;
  private final Map<String, Map<SeriesKey, StoredSeries>> metrics = new ConcurrentHashMap<>();
  private final ReentrantLock adding = new ReentrantLock(); // guards seriesCount, held to remove
  private int seriesCount;
  private volatile long sweptAt;

  private InMemoryMetricStore(Builder builder) {
    this.clock = builder.clock;
    this.retention = builder.retention.toMillis();
    this.rollUpRetention = builder.rollUpRetention.toMillis();
    this.window = builder.outOfOrderWindow.toMillis();
    this.maxAhead = builder.maxAhead.toMillis();
    this.maxPoints = builder.maxPointsPerSeries;
    this.maxSeries = builder.maxSeries;
    this.meters = builder.meters;
    this.sweptAt = clock.millis();
  }

  /** A store with all defaults. */
  public static InMemoryMetricStore create() {
    return builder().build();
  }

  /** Collects the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public CompletableFuture<Void> write(Collection<Sample> samples) {
    lifecycle.requireOpen();
    Oldest oldest = oldest();
    Refusals refusals = new Refusals(meters);
    for (Sample sample : samples) {
      long[] times = {sample.at().toEpochMilli()};
      double[] values = {sample.value()};
      write(sample.series(), times, values, oldest, refusals);
    }
    sweep(MINUTE);
    return refusals.outcome();
  }

  @Override
  public CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values) {
    lifecycle.requireOpen();
    Sample.requireColumns(times, values);
    Refusals refusals = new Refusals(meters);
    write(series, times, values, oldest(), refusals);
    sweep(MINUTE);
    return refusals.outcome();
  }

  private void write(
      SeriesKey key, long[] times, double[] values, Oldest oldest, Refusals refusals) {
    int notTooNew = countUpTo(clock.millis() + maxAhead, times);
    if (notTooNew < times.length) {
      refusals.tooNew(times.length - notTooNew, key, Duration.ofMillis(maxAhead));
      long[] others = Arrays.copyOf(times, notTooNew);
      writePast(key, others, Arrays.copyOf(values, notTooNew), oldest, refusals);
    } else {
      writePast(key, times, values, oldest, refusals);
    }
  }

  private static int countUpTo(long newest, long[] times) {
    int count = times.length;
    while (count > 0 && times[count - 1] > newest) {
      count--;
    }
    return count;
  }

  private void writePast(
      SeriesKey key, long[] times, double[] values, Oldest oldest, Refusals refusals) {
    if (times.length == 0) {
      return; // without a series that would hold nothing
    }
    if (times[times.length - 1] < oldest.raw()) {
      refuse(times.length, key, refusals);
      return;
    }
    OptionalInt tooOld = OptionalInt.empty();
    while (tooOld.isEmpty()) {
      StoredSeries series = seriesFor(key);
      if (series == null) {
        refusals.tooManySeries(times.length, key, maxSeries);
        return;
      }
      tooOld = series.write(times, values, oldest);
    }
    refuse(tooOld.getAsInt(), key, refusals);
  }

  private void refuse(int tooOld, SeriesKey key, Refusals refusals) {
    refusals.tooOld(tooOld, key, Duration.ofMillis(retention), Duration.ofMillis(window));
  }

  private Oldest oldest() {
    long now = clock.millis();
    return new Oldest(now - retention, now - rollUpRetention);
  }

  private @Nullable StoredSeries seriesFor(SeriesKey key) {
    StoredSeries known = seriesOf(key.metric()).get(key);
    return known != null ? known : addSeries(key);
  }

  private Map<SeriesKey, StoredSeries> seriesOf(String metric) {
    Map<SeriesKey, StoredSeries> series = metrics.get(metric);
    return series == null ? Map.of() : series;
  }

  /** One at a time, so that the bound holds; new series are rare. */
  private @Nullable StoredSeries addSeries(SeriesKey key) {
    adding.lock();
    try {
      StoredSeries known = seriesOf(key.metric()).get(key);
      if (known != null) {
        return known;
      }
      if (seriesCount >= maxSeries) {
        sweep(SECOND);
      }
      return seriesCount < maxSeries ? putSeries(key) : null;
    } finally {
      adding.unlock();
    }
  }

  private StoredSeries putSeries(SeriesKey key) {
    StoredSeries added = new StoredSeries(key, window, maxPoints);
    metrics.computeIfAbsent(key.metric(), metric -> new ConcurrentHashMap<>()).put(key, added);
    seriesCount++;
    return added;
  }

  /** Trims all series and forgets those of which nothing is left, at most once an interval. */
  private void sweep(long interval) {
    long now = clock.millis();
    if ((now >= sweptAt && now - sweptAt < interval) || !adding.tryLock()) {
      return;
    }
    try {
      sweptAt = now;
      metrics.values().forEach(this::removeExpired);
      metrics.values().removeIf(Map::isEmpty);
    } finally {
      adding.unlock();
    }
  }

  private void removeExpired(Map<SeriesKey, StoredSeries> ofOneMetric) {
    Oldest oldest = oldest();
    int before = ofOneMetric.size();
    ofOneMetric.values().removeIf(series -> series.removeIfExpired(oldest));
    seriesCount -= before - ofOneMetric.size();
  }

  @Override
  public List<Series> query(MetricQuery query) {
    lifecycle.requireOpen();
    Oldest oldest = oldest();
    List<Series> answer = new ArrayList<>();
    seriesOf(query.metric())
        .forEach((key, series) -> {
          if (query.matches(key)) {
            series.query(query, oldest).ifPresent(answer::add);
          }
        });
    answer.sort(Comparator.comparing(Series::key));
    return answer;
  }

  @Override
  public List<SeriesKey> series(String metric) {
    lifecycle.requireOpen();
    sweep(SECOND);
    return seriesOf(metric).keySet().stream().sorted().toList();
  }

  @Override
  public List<String> metrics() {
    lifecycle.requireOpen();
    sweep(SECOND);
    return metrics.keySet().stream().sorted().toList();
  }

  @Override
  public void close() {
    lifecycle.close(metrics::clear);
  }

  /** Options of the store; for one thread. */
  public static final class Builder {
    private InstantSource clock = InstantSource.system();
    private Duration retention = Duration.ofDays(7);
    private Duration rollUpRetention = Duration.ofDays(400);
    private Duration outOfOrderWindow = Duration.ofMinutes(1);
    private Duration maxAhead = Duration.ofDays(1);
    private int maxPointsPerSeries = 2_000_000;
    private int maxSeries = 10_000;
    private MeterRegistry meters = new CompositeMeterRegistry(); // records nothing

    private final Set<String> given = new HashSet<>();

    private Builder() {}

    /** What time it is, for the retention. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = clock;
      return this;
    }

    /** How long raw samples are kept, at least a millisecond. Default: 7 days. */
    public Builder retention(Duration retention) {
      Given.once(given, "retention");
      this.retention = retention;
      return this;
    }

    /** How long hourly roll-ups are kept; at least the retention. Default: 400 days. */
    public Builder rollUpRetention(Duration rollUpRetention) {
      Given.once(given, "rollUpRetention");
      this.rollUpRetention = rollUpRetention;
      return this;
    }

    /** How far behind a series' newest sample another may be. Default: one minute. */
    public Builder outOfOrderWindow(Duration outOfOrderWindow) {
      Given.once(given, "outOfOrderWindow");
      this.outOfOrderWindow = outOfOrderWindow;
      return this;
    }

    /** How far in the future a sample may be. Default: one day. */
    public Builder maxAhead(Duration maxAhead) {
      Given.once(given, "maxAhead");
      this.maxAhead = maxAhead;
      return this;
    }

    /** Raw samples of one series, of which the oldest go first. Default: 2,000,000, 32 MB. */
    public Builder maxPointsPerSeries(int maxPointsPerSeries) {
      Given.once(given, "maxPointsPerSeries");
      this.maxPointsPerSeries = maxPointsPerSeries;
      return this;
    }

    /** Series of all metrics together; samples of further ones are refused. Default: 10,000. */
    public Builder maxSeries(int maxSeries) {
      Given.once(given, "maxSeries");
      this.maxSeries = maxSeries;
      return this;
    }

    /**
     * Counts refused samples as {@code platform.core.metrics.refused}, by reason. Default: nothing
     * is counted.
     */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.meters = registry;
      return this;
    }

    /**
     * Checks all options; starts nothing.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public InMemoryMetricStore build() {
      List<String> wrong = new ArrayList<>();
      Given.requireSpan(wrong, "retention", retention, Duration.ofMillis(1), LONGEST);
      Given.requireSpan(wrong, "rollUpRetention", rollUpRetention, Duration.ofMillis(1), LONGEST);
      Given.require(
          wrong,
          "rollUpRetention",
          rollUpRetention,
          rollUpRetention.compareTo(retention) >= 0,
          "at least the retention, " + retention);
      Given.requireSpan(wrong, "outOfOrderWindow", outOfOrderWindow, Duration.ZERO, LONGEST);
      Given.requireSpan(wrong, "maxAhead", maxAhead, Duration.ZERO, LONGEST);
      Given.require(
          wrong, "maxPointsPerSeries", maxPointsPerSeries, maxPointsPerSeries > 0, "at least 1");
      Given.require(wrong, "maxSeries", maxSeries, maxSeries > 0, "at least 1");
      Given.refuse(wrong);
      return new InMemoryMetricStore(this);
    }
  }
}
