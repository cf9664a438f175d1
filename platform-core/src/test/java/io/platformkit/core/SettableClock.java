package io.platformkit.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is set or advanced. Safe for concurrent use. */
public final class SettableClock implements InstantSource {
  /** Where {@link #create} starts: a Thursday, at noon. */
  public static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private final AtomicReference<Instant> now;

  private SettableClock(Instant start) {
    now = new AtomicReference<>(start);
  }

  /** Shows {@link #START}. */
  public static SettableClock create() {
    return at(START);
  }

  /** Shows the given time. */
  public static SettableClock at(Instant start) {
    return new SettableClock(start);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /** Jumps, also back, as a wall clock may. */
  public void set(Instant time) {
    now.set(time);
  }

  /**
   * Moves on.
   *
   * @throws IllegalArgumentException if the span is negative; to go back, {@link #set}
   */
  public void advance(Duration span) {
    if (span.isNegative()) {
      throw new IllegalArgumentException(
          "span was '%s' but it must be zero or more".formatted(span));
    }
    now.updateAndGet(time -> time.plus(span));
  }

  @Override
  public String toString() {
    return "SettableClock[" + now + "]";
  }
}
