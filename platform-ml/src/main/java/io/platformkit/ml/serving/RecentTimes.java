package io.platformkit.ml.serving;

import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Lengths of time of the last minute, to two digits. Safe for concurrent use; what is recorded
 * while a slice ends may be lost.
 */
final class RecentTimes {
  private static final Duration SLICE = Duration.ofSeconds(10);
  private static final int SLICES = 6;
  private static final int DIGITS = 2;
  private static final long LONGEST_MICROS = Duration.ofHours(1).toNanos() / 1000;

  private final Timers timers;
  private final AtomicReferenceArray<@Nullable Slice> slices = new AtomicReferenceArray<>(SLICES);

  private record Slice(long number, ConcurrentHistogram micros) {}

  RecentTimes(Timers timers) {
    this.timers = timers;
  }

  void record(long nanos) {
    current().micros().recordValue(Math.clamp(nanos / 1000, 0, LONGEST_MICROS));
  }

  private long number() {
    return Math.floorDiv(timers.nanoTime(), SLICE.toNanos());
  }

  private Slice current() {
    long number = number();
    int at = Math.floorMod(number, SLICES);
    Slice there = slices.get(at);
    if (there != null && there.number() == number) {
      return there;
    }
    Slice fresh = new Slice(number, new ConcurrentHistogram(LONGEST_MICROS, DIGITS));
    return slices.compareAndSet(at, there, fresh) ? fresh : current();
  }

  /** All of the last minute, in microseconds. */
  Histogram minute() {
    Histogram all = new Histogram(LONGEST_MICROS, DIGITS);
    long oldest = number() - SLICES + 1;
    for (int i = 0; i < SLICES; i++) {
      Slice slice = slices.get(i);
      if (slice != null && slice.number() >= oldest) {
        all.add(slice.micros());
      }
    }
    return all;
  }
}
