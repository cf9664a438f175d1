package io.platformkit.ml.batching;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** How long the last requests of a lane waited. Written by one thread at a time, read by any. */
final class RecentWaits {
  private static final int KEPT = 1024;

  private final AtomicLongArray nanos = new AtomicLongArray(KEPT);
  private volatile int written;

  void add(long wait) {
    int next = written;
    nanos.lazySet(next % KEPT, wait);
    written = next + 1 == 2 * KEPT ? KEPT : next + 1;
  }

  LongStream all() {
    return LongStream.range(0, Math.min(KEPT, written)).map(i -> nanos.get((int) i));
  }
}
