package io.platformkit.core.timeseries;

import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A bounded series in memory: appended to, trimmed at its old end, and downsampled over any range
 * at any size in a time that hardly depends on how many points the range holds. Safe for concurrent
 * use; readers do not block each other.
 *
 * <p>Beside the points it keeps, for every {@value Segment#BLOCK} of them, their sums and their
 * smallest and largest value. {@link #downsample} selects what {@link Lttb} selects, exactly, with
 * the one difference that a mean is summed by blocks: the values before the bucket's first whole
 * block one after another, then the whole blocks' sums (each one after another), then the values
 * after the last whole block; where a bucket lies within one block, its values one after another. x
 * is the time less the range's first time, and sums of x are exact up to 2⁵³. (Blocks are counted
 * from the first point on, trimmed ones included. A range with more gaps than its budget can show
 * is read as a whole and summed as {@link Lttb} does.)
 *
 * <p>At any time one value counts, the last one written. Times are milliseconds since the epoch, or
 * any other integers from −2⁶¹ to 2⁶¹.
 */
public final class TimeSeries {
  private static final int LARGEST_MAX_POINTS = 2_000_000_000;
  private static final Segments.Listener NOBODY = new Segments.Listener() {};

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Segments segments;

  /**
   * An empty series.
   *
   * @param window how far behind the newest time a point may still be written, in the unit of the
   *     times; zero or more
   * @param maxPoints from 1 to 2,000,000,000; beyond it the oldest points go
   */
  public TimeSeries(long window, int maxPoints) {
    if (window < 0) {
      throw new IllegalArgumentException("window was '" + window + "' but it must not be negative");
    }
    if (maxPoints < 1 || maxPoints > LARGEST_MAX_POINTS) {
      throw new IllegalArgumentException(
          "maxPoints was '%d' but it must be from 1 to %d"
              .formatted(maxPoints, LARGEST_MAX_POINTS));
    }
    this.segments = new Segments(window, maxPoints, NOBODY);
  }

  /**
   * Writes one point.
   *
   * @param value NaN marks a gap
   * @return false if the point is too old, and nothing was written: its time is too far behind the
   *     newest one, or not after all that was trimmed, or before all others of a full series
   */
  public boolean append(long time, double value) {
    if (time < -Segments.LARGEST_TIME || time > Segments.LARGEST_TIME) {
      throw new IllegalArgumentException(
          "time was '%d' but it must be from %d to %d"
              .formatted(time, -Segments.LARGEST_TIME, Segments.LARGEST_TIME));
    }
    lock.writeLock().lock();
    try {
      return segments.write(time, value);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Writes many points: the fast way in.
   *
   * @param times increasing; copied
   * @param values as many as times; copied
   * @return how many were too old, as in {@link #append(long, double)}; these are the first ones
   * @throws IllegalArgumentException if the lengths differ or a time does not increase; the message
   *     names the index
   */
  public int append(long[] times, double[] values) {
    Times.requireColumns(times, values, Segments.LARGEST_TIME);
    lock.writeLock().lock();
    try {
      return segments.write(times, values, 0);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Forgets all points before the time. */
  public void trimBefore(long time) {
    lock.writeLock().lock();
    try {
      segments.trimBefore(time);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** How many points there are. */
  public int size() {
    lock.readLock().lock();
    try {
      return segments.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How many points lie in {@code [from, to)}. */
  public int count(long from, long to) {
    lock.readLock().lock();
    try {
      return segments.count(from, to);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** A copy of the points of {@code [from, to)}. */
  public Range range(long from, long to) {
    lock.readLock().lock();
    try {
      return segments.range(from, to);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * At most {@code nOut} points of {@code [from, to)}, selected by LTTB; gaps as in {@link Lttb}.
   *
   * @param nOut at least 2
   */
  public Range downsample(long from, long to, int nOut) {
    if (nOut < 2) {
      throw new IllegalArgumentException("nOut was '" + nOut + "' but it must be at least 2");
    }
    lock.readLock().lock();
    try {
      return segments.downsample(from, to, nOut);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Copied points: times increase, a value that is NaN or infinite marks a gap. */
  public static final class Range {
    final long[] times;
    final double[] values;

    Range(int size) {
      this.times = new long[size];
      this.values = new double[size];
    }

    /** How many points there are. */
    public int size() {
      return times.length;
    }

    /** Time of point {@code i}. */
    public long timeAt(int i) {
      return times[i];
    }

    /** Value of point {@code i}. */
    public double valueAt(int i) {
      return values[i];
    }
  }
}
