package io.platformkit.ml.serving;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts all requests of a server, whichever version answers. Safe for concurrent use. */
final class Totals {
  private final LongAdder requests = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder cached = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  void count(Served<?> served) {
    requests.increment();
    if (served instanceof Served.Done<?> done) {
      answered.increment();
      nanos.add(done.took().toNanos());
      if (done.cached()) {
        cached.increment();
      }
    }
  }

  long requests() {
    return requests.sum();
  }

  long errors() {
    return Math.max(0, requests.sum() - answered.sum());
  }

  long cached() {
    return cached.sum();
  }

  Duration mean() {
    long many = answered.sum();
    return many == 0 ? Duration.ZERO : Duration.ofNanos(nanos.sum() / many);
  }
}
