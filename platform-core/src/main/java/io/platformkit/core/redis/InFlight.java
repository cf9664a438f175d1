package io.platformkit.core.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Counts what a port was given and has not answered; the close waits for it. */
final class InFlight {
  private final AtomicLong count = new AtomicLong();
  private volatile @Nullable Thread closer;

  void begin() {
    count.incrementAndGet();
  }

  void end() {
    if (count.decrementAndGet() == 0) {
      LockSupport.unpark(closer);
    }
  }

  /** Waits until nothing is left; at most so long. An interruption ends it, and stays. */
  void await(Duration limit) {
    closer = Thread.currentThread();
    long end = System.nanoTime() + limit.toNanos();
    long left = limit.toNanos();
    while (count.get() > 0 && left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = end - System.nanoTime();
    }
  }
}
