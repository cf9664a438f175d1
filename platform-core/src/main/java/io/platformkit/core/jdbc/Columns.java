package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.SeriesKey;
import java.util.Arrays;

/** Samples of one series, in the order in which they were written. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Columns(SeriesKey key, long[] times, double[] values) {
  int size() {
    return times.length;
  }

  /** A copy of those at {@code [from, to)}. */
  Columns range(int from, int to) {
    return new Columns(
        key, Arrays.copyOfRange(times, from, to), Arrays.copyOfRange(values, from, to));
  }

  /** Those from the first to the second time, both included; this itself if it is all of them. */
  Columns within(long first, long last) {
    if (Arrays.stream(times).allMatch(time -> time >= first && time <= last)) {
      return this;
    }
    long[] keptTimes = new long[times.length];
    double[] keptValues = new double[times.length];
    int kept = 0;
    for (int i = 0; i < times.length; i++) {
      if (times[i] >= first && times[i] <= last) {
        keptTimes[kept] = times[i];
        keptValues[kept++] = values[i];
      }
    }
    return new Columns(key, Arrays.copyOf(keptTimes, kept), Arrays.copyOf(keptValues, kept));
  }
}
