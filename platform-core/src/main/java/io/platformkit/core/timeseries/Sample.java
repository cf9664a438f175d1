package io.platformkit.core.timeseries;

import java.time.Instant;
import java.util.Objects;

/**
 * One measured value.
 *
 * @param at within 100,000,000 days of the epoch; kept to the millisecond
 * @param value NaN states that nothing was measured then: a gap in every chart
 */
public record Sample(SeriesKey series, Instant at, double value) {
  /** Checks, and cuts off what is finer than a millisecond. */
  public Sample {
    Objects.requireNonNull(series, "series");
    at = Times.requireTime("at", at);
  }

  /**
   * Checks what {@link MetricStore#write(SeriesKey, long[], double[])} takes.
   *
   * @throws IllegalArgumentException naming the index
   */
  public static void requireColumns(long[] times, double[] values) {
    Times.requireColumns(times, values, Times.LARGEST);
  }
}
