package io.platformkit.core.timeseries;

/**
 * How the samples of one step become one value. NaN samples count for nothing.
 *
 * <p>{@link #AVG}, {@link #MIN}, {@link #MAX}, {@link #SUM}, {@link #COUNT}, {@link #FIRST} and
 * {@link #LAST} are exact on roll-ups; the quantiles and {@link #RATE} need the raw samples.
 */
public enum Aggregation {
  AVG,
  MIN,
  MAX,
  SUM,
  COUNT,
  FIRST,
  LAST,
  /** Median; quantiles interpolate linearly between order statistics (Hyndman and Fan, type 7). */
  P50,
  P95,
  P99,
  /**
   * Growth of a counter in one second: the increases between neighbouring samples of the step and
   * the last one before it, however long ago, over the step's length. A decrease counts as a
   * restart from zero; of the very first sample nothing is known, so it adds nothing.
   */
  RATE;

  /** Whether roll-ups answer it exactly. */
  public boolean onRollUps() {
    return compareTo(LAST) <= 0;
  }

  /** Whether it needs all values of a step side by side. */
  boolean isQuantile() {
    return this == P50 || this == P95 || this == P99;
  }
}
