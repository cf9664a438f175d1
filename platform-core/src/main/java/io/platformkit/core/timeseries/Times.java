package io.platformkit.core.timeseries;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The times that metric stores know: whole milliseconds, as far as the dates of browsers go. */
final class Times {
  /** How far from the epoch a time may be, in milliseconds: 100,000,000 days. */
  static final long LARGEST = 8_640_000_000_000_000L;

  private static final Instant EARLIEST = Instant.ofEpochMilli(-LARGEST);
  private static final Instant LATEST = Instant.ofEpochMilli(LARGEST);

  private Times() {}

  /** The time without what is finer than a millisecond. */
  static Instant requireTime(String property, Instant time) {
    if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
      throw new IllegalArgumentException(
          "%s was '%s' but it must be from %s to %s".formatted(property, time, EARLIEST, LATEST));
    }
    return time.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Checks what a columnar write takes: as many values as times, times that increase. */
  static void requireColumns(long[] times, double[] values, long largest) {
    if (times.length != values.length) {
      throw new IllegalArgumentException(
          "values had %d entries but must have as many as times, %d"
              .formatted(values.length, times.length));
    }
    for (int i = 1; i < times.length; i++) {
      if (times[i] <= times[i - 1]) {
        throw new IllegalArgumentException(
            "times[%d] was '%d' but it must be larger than times[%d], '%d'"
                .formatted(i, times[i], i - 1, times[i - 1]));
      }
    }
    if (times.length > 0) {
      requireWithin(largest, times, 0);
      requireWithin(largest, times, times.length - 1);
    }
  }

  private static void requireWithin(long largest, long[] times, int i) {
    if (times[i] < -largest || times[i] > largest) {
      throw new IllegalArgumentException(
          "times[%d] was '%d' but it must be from %d to %d"
              .formatted(i, times[i], -largest, largest));
    }
  }
}
