package io.platformkit.ml.batching;

import io.platformkit.core.Timers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Rings at the earliest time that was asked for. Guarded by the dispatcher's lock. */
final class Alarm {
  private final String name;
  private final Timers timers;
  private final Runnable ring;
  private Timers.@Nullable Timer armed;
  private long at;

  Alarm(String name, Timers timers, Runnable ring) {
    this.name = name;
    this.timers = timers;
    this.ring = ring;
  }

  /** Rings then at the latest. */
  void within(long nanos) {
    long now = timers.nanoTime();
    if (armed != null && at - now <= nanos) {
      return;
    }
    cancel();
    at = now + nanos;
    armed = timers.after(name, Duration.ofNanos(nanos), ring);
  }

  /** It rings now, or is not needed any more. */
  void cancel() {
    if (armed != null) {
      armed.cancel();
      armed = null;
    }
  }
}
