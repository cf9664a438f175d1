package io.platformkit.core.cache;

import io.platformkit.core.Timers;
import io.platformkit.core.store.Ttl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * How long a value is what. Tiers share the wall clock, so that a value has one end on all nodes;
 * in memory the timers' clock counts, which can't jump.
 */
final class Lifetimes<V> {
  /**
   * @param memory longest time in memory
   * @param refreshAfter share of the time to live, 1 for never
   * @param jitter largest share that is taken off
   */
  record Spans(
      Duration ttl,
      Duration negative,
      Duration memory,
      Duration stale,
      double refreshAfter,
      double jitter) {}

  private final Spans spans;
  private final InstantSource clock;
  private final Timers timers;
  private final ReentrantLock drawing = new ReentrantLock(); // guards random
  private final RandomGenerator random;

  Lifetimes(Spans spans, InstantSource clock, Timers timers, RandomGenerator random) {
    this.spans = spans;
    this.clock = clock;
    this.timers = timers;
    this.random = random;
  }

  /** A value that begins to live now. */
  Stored<V> born(Optional<V> value) {
    long life = Math.round(millisOf(value) * (1 - spans.jitter * draw()));
    return new Stored<>(value, clock.millis() + life);
  }

  private double draw() {
    drawing.lock();
    try {
      return random.nextDouble();
    } finally {
      drawing.unlock();
    }
  }

  private long millisOf(Optional<V> value) {
    return (value.isPresent() ? spans.ttl : spans.negative).toMillis();
  }

  boolean isFresh(Stored<V> stored) {
    return clock.millis() < stored.expiresAt();
  }

  /** Whether it is fresh and its time to be loaded again has not come. */
  boolean isYoung(Stored<V> stored) {
    return clock.millis() < stored.expiresAt() - millisBeforeEnd(stored);
  }

  private long millisBeforeEnd(Stored<V> stored) {
    return Math.round((1 - spans.refreshAfter) * millisOf(stored.value()));
  }

  /** How it is kept in memory from now on; a clock that goes wrong makes nothing live longer. */
  Kept<V> kept(Stored<V> stored) {
    long now = timers.nanoTime();
    long most = millisOf(stored.value());
    long left = Math.min(stored.expiresAt() - clock.millis(), most);
    long expires = now + TimeUnit.MILLISECONDS.toNanos(left);
    long fresh = now + Math.min(TimeUnit.MILLISECONDS.toNanos(left), spans.memory.toNanos());
    long refresh = expires - TimeUnit.MILLISECONDS.toNanos(millisBeforeEnd(stored));
    long stale = spans.stale.isZero() ? fresh : expires + spans.stale.toNanos();
    return new Kept<>(stored.value(), refresh - fresh < 0 ? refresh : fresh, fresh, expires, stale);
  }

  /** How long a tier keeps it. */
  Ttl inTier(Stored<V> stored) {
    Duration left = Duration.ofMillis(Math.max(1, stored.expiresAt() - clock.millis()));
    Duration span = left.plus(spans.stale);
    return Ttl.of(span.compareTo(Ttl.LONGEST) < 0 ? span : Ttl.LONGEST);
  }
}
