package io.platformkit.core.timeseries;

import java.util.Arrays;

/** Takes the samples of one step, in order of time, and gives its value by any aggregation. */
final class StepAccumulator {
  private final boolean keepsValues;
  private double[] values = new double[0];
  private long count;
  private double sum;
  private double min;
  private double max;
  private double first;
  private double last;
  private double growth;
  private double before;

  /**
   * An empty step.
   *
   * @param keepsValues whether quantiles will be asked for
   * @param before the sample before, where growth counts from; NaN if there is none
   */
  StepAccumulator(boolean keepsValues, double before) {
    this.keepsValues = keepsValues;
    this.before = before;
  }

  /** Begins the next step; the last sample of this one is where its growth counts from. */
  void next() {
    if (count > 0) {
      before = last;
    }
    count = 0;
    sum = 0;
    growth = 0;
  }

  /**
   * Takes one sample.
   *
   * @param value not NaN
   */
  void add(double value) {
    double previous = count == 0 ? before : last;
    if (!Double.isNaN(previous)) {
      growth += value >= previous ? value - previous : value;
    }
    if (keepsValues) {
      keep(value);
    }
    min = count == 0 ? value : Math.min(min, value);
    max = count == 0 ? value : Math.max(max, value);
    first = count == 0 ? value : first;
    last = value;
    sum += value;
    count++;
  }

  private void keep(double value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, Math.max(64, values.length * 2));
    }
    values[(int) count] = value;
  }

  /** Takes the samples of an hour, of which there are some. */
  void add(RollUp hour) {
    min = count == 0 ? hour.min : Math.min(min, hour.min);
    max = count == 0 ? hour.max : Math.max(max, hour.max);
    first = count == 0 ? hour.first : first;
    last = hour.last;
    sum += hour.sum;
    count += hour.count;
  }

  /** The step's value; NaN if it has none. */
  double value(Aggregation aggregation, long stepMillis) {
    if (count == 0) {
      return Double.NaN;
    }
    return switch (aggregation) {
      case AVG -> sum / count;
      case MIN -> min;
      case MAX -> max;
      case SUM -> sum;
      case COUNT -> count;
      case FIRST -> first;
      case LAST -> last;
      case P50 -> quantile(0.50);
      case P95 -> quantile(0.95);
      case P99 -> quantile(0.99);
      case RATE -> growth / (stepMillis / 1000.0);
    };
  }

  private double quantile(double q) {
    int n = (int) count;
    Arrays.sort(values, 0, n);
    double position = q * (n - 1);
    int below = (int) position;
    double fraction = position - below;
    return fraction == 0
        ? values[below]
        : values[below] + fraction * (values[below + 1] - values[below]);
  }
}
