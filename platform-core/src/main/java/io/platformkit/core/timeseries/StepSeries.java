package io.platformkit.core.timeseries;

import java.util.Arrays;

/**
 * Samples and roll-ups, taken in order of time, as the values of consecutive steps; an empty
 * stretch between them becomes one NaN. Not safe for concurrent use.
 */
final class StepSeries implements Segments.Reader {
  private final Aggregation aggregation;
  private final long step;
  private final StepAccumulator current;
  private long[] times = new long[64];
  private double[] values = new double[64];
  private int size;
  private long start;
  private long end = Long.MIN_VALUE;
  private long rawCount;

  /**
   * No steps.
   *
   * @param step length of a step in milliseconds
   * @param before the value that the growth of the first step counts from; NaN if there is none
   */
  StepSeries(Aggregation aggregation, long step, double before) {
    this.aggregation = aggregation;
    this.step = step;
    this.current = new StepAccumulator(aggregation.isQuantile(), before);
  }

  @Override
  public void read(long[] sampleTimes, double[] sampleValues, int from, int to) {
    for (int i = from; i < to; i++) {
      double value = sampleValues[i];
      if (!Double.isNaN(value)) {
        moveTo(sampleTimes[i]);
        current.add(value);
        rawCount++;
      }
    }
  }

  void add(RollUps.RollUp hour) {
    if (hour.count > 0) {
      moveTo(hour.start);
      current.add(hour);
      rawCount += hour.count;
    }
  }

  private void moveTo(long time) {
    if (time >= end) {
      finish();
      start = Math.floorDiv(time, step) * step;
      end = start + step;
    }
  }

  private void finish() {
    double value = current.value(aggregation, step);
    if (!Double.isNaN(value)) {
      if (size > 0 && start > times[size - 1] + step) {
        put(times[size - 1] + step, Double.NaN);
      }
      put(start, value);
    }
    current.next();
  }

  private void put(long time, double value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    times[size] = time;
    values[size++] = value;
  }

  /** What was taken; LTTB selects where there are more points than the budget. */
  Series series(SeriesKey key, int maxPoints) {
    finish();
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
