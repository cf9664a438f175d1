package io.platformkit.core.timeseries;

/**
 * Samples and roll-ups, taken in order of time, as the values of consecutive steps; an empty
 * stretch between them becomes one NaN. Not safe for concurrent use.
 */
final class StepSeries implements SampleReader {
  private final Aggregation aggregation;
  private final long step;
  private final StepAccumulator current;
  private final SampleList points = new SampleList();
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

  void add(RollUp hour) {
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
      if (points.size() > 0 && start > points.newest() + step) {
        points.add(points.newest() + step, Double.NaN);
      }
      points.add(start, value);
    }
    current.next();
  }

  /** What was taken; LTTB selects where there are more points than the budget. */
  Series series(SeriesKey key, int maxPoints) {
    finish();
    return points.series(key, maxPoints, rawCount);
  }
}
