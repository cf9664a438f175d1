package io.platformkit.core.cache;

import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Leaves a tier alone for a while after three failures in a row; then one call may try it, and one
 * more after each pause until one succeeds.
 */
final class Circuit {
  static final int FAILURES = 3;

  private final Timers timers;
  private final long pause;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong retryAt = new AtomicLong();

  Circuit(Timers timers, Duration pause) {
    this.timers = timers;
    this.pause = pause.toNanos();
  }

  boolean admits() {
    if (failures.get() < FAILURES) {
      return true;
    }
    long at = retryAt.get();
    long now = timers.nanoTime();
    return now - at >= 0 && retryAt.compareAndSet(at, now + pause);
  }

  void succeeded() {
    if (failures.get() > 0) {
      failures.set(0);
    }
  }

  /** Whether this failure is the one that opens it. */
  boolean failed() {
    retryAt.set(timers.nanoTime() + pause);
    return failures.incrementAndGet() == FAILURES;
  }
}
