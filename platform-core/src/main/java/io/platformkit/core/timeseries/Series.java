package io.platformkit.core.timeseries;

import java.time.Instant;
import java.util.Arrays;

/**
 * One series of an answer: what a chart draws. Immutable.
 *
 * <p>Times increase. A value that is NaN marks a gap: a chart must not draw a line across it.
 */
public final class Series {
  private final SeriesKey key;
  private final long[] times;
  private final double[] values;
  private final long rawCount;

  /**
   * Takes the arrays over; the caller must not change them afterwards.
   *
   * @param times milliseconds since the epoch, increasing
   * @param values as many as times
   * @param rawCount see {@link #rawCount()}
   */
  public Series(SeriesKey key, long[] times, double[] values, long rawCount) {
    if (times.length != values.length) {
      throw new IllegalArgumentException(
          "values had %d entries but must have as many as times, %d"
              .formatted(values.length, times.length));
    }
    this.key = key;
    this.times = times;
    this.values = values;
    this.rawCount = rawCount;
  }

  public SeriesKey key() {
    return key;
  }

  /** How many points are shown. */
  public int size() {
    return times.length;
  }

  /**
   * How many raw samples of the range the points stand for; those that are NaN count where the
   * samples themselves were asked for, and not in steps.
   */
  public long rawCount() {
    return rawCount;
  }

  /** Milliseconds since the epoch of point {@code i}, from 0 to {@link #size()} - 1. */
  public long timeAt(int i) {
    return times[i];
  }

  /** As {@link #timeAt}. */
  public Instant instantAt(int i) {
    return Instant.ofEpochMilli(times[i]);
  }

  /** Value of point {@code i}; NaN marks a gap. */
  public double valueAt(int i) {
    return values[i];
  }

  /** A copy of all times, in milliseconds since the epoch. */
  public long[] times() {
    return times.clone();
  }

  /** A copy of all values. */
  public double[] values() {
    return values.clone();
  }

  @Override
  public String toString() {
    return "%s: %d of %d points, %s"
        .formatted(
            key,
            size(),
            rawCount,
            size() == 0 ? "[]" : Arrays.asList(instantAt(0), instantAt(size() - 1)));
  }
}
