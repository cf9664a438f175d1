package io.platformkit.realtime.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** How fast a count grows, over its last ten seconds or so. Safe for concurrent use. */
final class Throughput {
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Deque<Sample> samples = new ArrayDeque<>(); // guarded by this

  private record Sample(long count, long nanos) {}

  synchronized void sample(long count, long nanos) {
    samples.addLast(new Sample(count, nanos));
    while (nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  synchronized double perSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    double seconds = (last.nanos() - first.nanos()) / 1e9;
    return seconds > 0 ? (last.count() - first.count()) / seconds : 0;
  }
}
