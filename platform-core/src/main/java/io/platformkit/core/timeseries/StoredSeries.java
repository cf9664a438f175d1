package io.platformkit.core.timeseries;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** One series of the {@link InMemoryMetricStore}: raw samples and roll-ups. */
final class StoredSeries {
  private final SeriesKey key;
  private final RollUps rollUps = new RollUps();
  private final Segments raw;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean removed;

  /**
   * From when on samples count.
   *
   * @param raw first millisecond of raw samples
   * @param rollUps hours that end before it are gone
   */
  record Oldest(long raw, long rollUps) {}

  StoredSeries(SeriesKey key, long window, int maxPoints) {
    this.key = key;
    this.raw = new Segments(window, maxPoints, rollUps);
  }

  /**
   * Writes samples.
   *
   * @return how many were too old; empty if the series was removed meanwhile and nothing is written
   */
  OptionalInt write(long[] times, double[] values, Oldest oldest) {
    lock.writeLock().lock();
    try {
      if (removed) {
        return OptionalInt.empty();
      }
      trimLocked(oldest);
      int from = 0;
      while (from < times.length && times[from] < oldest.raw) {
        from++;
      }
      return OptionalInt.of(from + raw.write(times, values, from));
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void trimLocked(Oldest oldest) {
    raw.trimBefore(oldest.raw);
    rollUps.trimBefore(oldest.rollUps);
  }

  /** Forgets what is too old and, if nothing is left, refuses all further writes; true if so. */
  boolean removeIfExpired(Oldest oldest) {
    lock.writeLock().lock();
    try {
      trimLocked(oldest);
      removed |= raw.size() == 0 && rollUps.isEmpty();
      return removed;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The answer to a query; empty if the range holds nothing. */
  Optional<Series> query(MetricQuery query, Oldest oldest) {
    lock.readLock().lock();
    try {
      if (rollUps.isSettled()) {
        return answer(query, oldest);
      }
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      rollUps.settle(raw);
      return answer(query, oldest);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private Optional<Series> answer(MetricQuery query, Oldest oldest) {
    Series answer =
        query.step().isPresent()
            ? steps(query, oldest, query.step().get().toMillis())
            : samples(query, oldest);
    return answer.size() == 0 ? Optional.empty() : Optional.of(answer);
  }

  private Series samples(MetricQuery query, Oldest oldest) {
    long from = Math.max(oldest.raw, query.from().toEpochMilli());
    long to = query.to().toEpochMilli();
    TimeSeries.Range range = raw.downsample(from, to, query.maxPoints());
    return new Series(key, range.times, range.values, raw.count(from, to));
  }

  private Series steps(MetricQuery query, Oldest oldest, long step) {
    long from = query.from().toEpochMilli();
    long to = query.to().toEpochMilli();
    StepSeries steps = new StepSeries(query.aggregation(), step, raw.lastOf(oldest.raw, from));
    if (query.aggregation().onRollUps() && step % RollUps.HOUR == 0) {
      addHours(steps, from, to, oldest);
    } else {
      raw.read(Math.max(oldest.raw, from), to, steps);
    }
    return steps.series(key, query.maxPoints());
  }

  /** Whole hours from the roll-ups, what the range cuts from an hour at its ends from the raw. */
  private void addHours(StepSeries steps, long from, long to, Oldest oldest) {
    long firstWhole = Math.min(to, RollUps.startOf(from + RollUps.HOUR - 1));
    long end = Math.max(firstWhole, RollUps.startOf(to));
    raw.read(Math.max(oldest.raw, from), firstWhole, steps);
    rollUps.range(Math.max(firstWhole, RollUps.startOf(oldest.rollUps)), end).forEach(steps::add);
    raw.read(Math.max(oldest.raw, end), to, steps);
  }
}
