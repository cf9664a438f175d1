package io.platformkit.core.timeseries;

/** Takes samples of one series, in order of time. */
@FunctionalInterface
public interface SampleReader {
  /**
   * Takes those at positions {@code [from, to)} of the arrays, which belong to the caller.
   *
   * @param times milliseconds since the epoch, increasing, also from call to call
   */
  void read(long[] times, double[] values, int from, int to);
}
