package io.platformkit.core.timeseries;

import java.util.Arrays;

/** Points that come in order of time, to make a series of. Not safe for concurrent use. */
final class SampleList implements SampleReader {
  private long[] times = new long[64];
  private double[] values = new double[64];
  private int size;

  int size() {
    return size;
  }

  /** Time of the newest point; there is one. */
  long newest() {
    return times[size - 1];
  }

  void add(long time, double value) {
    reserve(1);
    times[size] = time;
    values[size++] = value;
  }

  @Override
  public void read(long[] moreTimes, double[] moreValues, int from, int to) {
    int more = to - from;
    reserve(more);
    System.arraycopy(moreTimes, from, times, size, more);
    System.arraycopy(moreValues, from, values, size, more);
    size += more;
  }

  private void reserve(int more) {
    if (size + more > times.length) {
      int capacity = Math.max(size + more, times.length + (times.length >> 1));
      times = Arrays.copyOf(times, capacity);
      values = Arrays.copyOf(values, capacity);
    }
  }

  /** All points, each of them one raw sample; LTTB selects where they are over the budget. */
  Series series(SeriesKey key, int maxPoints) {
    return series(key, maxPoints, size);
  }

  /**
   * All points; LTTB selects where they are over the budget.
   *
   * @param rawCount how many raw samples they stand for
   */
  Series series(SeriesKey key, int maxPoints, long rawCount) {
    long[] allTimes = Arrays.copyOf(times, size);
    double[] allValues = Arrays.copyOf(values, size);
    if (size <= maxPoints) {
      return new Series(key, allTimes, allValues, rawCount);
    }
    int[] shown = Lttb.indices(Points.of(allTimes, allValues), maxPoints);
    return new Series(
        key,
        Arrays.stream(shown).mapToLong(i -> allTimes[i]).toArray(),
        Arrays.stream(shown).mapToDouble(i -> allValues[i]).toArray(),
        rawCount);
  }
}
