package io.platformkit.core.timeseries;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;

/** One series of the {@link InMemoryMetricStore}: raw samples and roll-ups. */
final class StoredSeries implements SeriesSource {
  private final SeriesKey key;
  private final RollUps rollUps = new RollUps();
  private final Segments raw;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean removed;

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
      while (from < times.length && times[from] < oldest.raw()) {
        from++;
      }
      return OptionalInt.of(from + raw.write(times, values, from));
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void trimLocked(Oldest oldest) {
    raw.trimBefore(oldest.raw());
    rollUps.trimBefore(oldest.rollUps());
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
    return SeriesSource.answer(this, key, query, oldest);
  }

  @Override
  public void samples(long from, long to, SampleReader reader) {
    raw.read(from, to, reader);
  }

  @Override
  public void rollUps(long from, long to, Consumer<RollUp> reader) {
    rollUps.range(from, to).forEach(reader);
  }

  @Override
  public double lastOf(long from, long to) {
    return raw.lastOf(from, to);
  }

  /** Where there are many, by the kept summaries: not all samples are read. */
  @Override
  public Series downsampled(SeriesKey itsKey, long from, long to, int maxPoints) {
    TimeSeries.Range range = raw.downsample(from, to, maxPoints);
    return new Series(itsKey, range.times, range.values, raw.count(from, to));
  }
}
