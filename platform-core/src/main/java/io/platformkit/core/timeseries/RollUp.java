package io.platformkit.core.timeseries;

/**
 * What is kept of one hour of a series, in whatever order its samples come: count, sum, extremes,
 * first and last. NaN counts for nothing. For stores; not safe for concurrent use.
 */
public final class RollUp {
  /** Length of an hour, in milliseconds. */
  public static final long HOUR = 3_600_000;

  /** First millisecond of the hour. */
  final long start;

  long count;
  double sum;
  double min;
  double max;
  double first;
  double last;
  long firstAt;
  long lastAt;
  boolean isStale;

  /**
   * No samples yet.
   *
   * @param start first millisecond of an hour, see {@link #startOf}
   */
  public RollUp(long start) {
    this.start = start;
    clear();
  }

  /**
   * What was kept of an hour that has samples.
   *
   * @param firstAt when the first one was, in milliseconds since the epoch
   * @param lastAt when the last one was
   */
  public static RollUp of(
      long start,
      long count,
      double sum,
      double min,
      double max,
      double first,
      long firstAt,
      double last,
      long lastAt) {
    RollUp rollUp = new RollUp(start);
    rollUp.count = count;
    rollUp.sum = sum;
    rollUp.min = min;
    rollUp.max = max;
    rollUp.first = first;
    rollUp.firstAt = firstAt;
    rollUp.last = last;
    rollUp.lastAt = lastAt;
    return rollUp;
  }

  /** First millisecond of the hour that holds a time. */
  public static long startOf(long time) {
    return Math.floorDiv(time, HOUR) * HOUR;
  }

  void clear() {
    count = 0;
    sum = 0;
    min = Double.POSITIVE_INFINITY;
    max = Double.NEGATIVE_INFINITY;
    firstAt = Long.MAX_VALUE;
    lastAt = Long.MIN_VALUE;
  }

  /** Takes one sample of the hour. */
  public void add(long time, double value) {
    if (Double.isNaN(value)) {
      return;
    }
    count++;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    if (time < firstAt) {
      firstAt = time;
      first = value;
    }
    if (time > lastAt) {
      lastAt = time;
      last = value;
    }
  }

  void add(long[] times, double[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      add(times[i], values[i]);
    }
  }

  /** Becomes what another is. */
  void set(RollUp other) {
    count = other.count;
    sum = other.sum;
    min = other.min;
    max = other.max;
    first = other.first;
    last = other.last;
    firstAt = other.firstAt;
    lastAt = other.lastAt;
  }

  /** First millisecond of the hour. */
  public long start() {
    return start;
  }

  /** How many samples; with none, nothing below means anything. */
  public long count() {
    return count;
  }

  /** Of all samples. */
  public double sum() {
    return sum;
  }

  /** Smallest value. */
  public double min() {
    return min;
  }

  /** Largest value. */
  public double max() {
    return max;
  }

  /** Value of the earliest sample. */
  public double first() {
    return first;
  }

  /** When the earliest sample was, in milliseconds since the epoch. */
  public long firstAt() {
    return firstAt;
  }

  /** Value of the latest sample. */
  public double last() {
    return last;
  }

  /** When the latest sample was, in milliseconds since the epoch. */
  public long lastAt() {
    return lastAt;
  }
}
