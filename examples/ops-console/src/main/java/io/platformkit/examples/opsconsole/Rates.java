package io.platformkit.examples.opsconsole;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Turns counters into growth per second; for one thread. */
final class Rates {
  private final LongSupplier nanoTime;
  private final Map<String, Reading> last = new HashMap<>();

  Rates(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Growth per second since the last reading of the same counter; NaN for the first one and after a
   * counter went backwards, which a restart of its device does.
   */
  double perSecond(String counter, long value) {
    Reading now = new Reading(nanoTime.getAsLong(), value);
    Reading before = last.put(counter, now);
    return before == null ? Double.NaN : now.growthSince(before);
  }

  private record Reading(long nanos, long value) {
    double growthSince(Reading before) {
      long elapsed = nanos - before.nanos;
      boolean known = elapsed > 0 && value >= before.value;
      return known ? (value - before.value) * 1e9 / elapsed : Double.NaN;
    }
  }
}
