package io.platformkit.core.store;

import io.platformkit.core.Bounds;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a value is there after it was written.
 *
 * @param span empty: for ever
 */
public record Ttl(Optional<Duration> span) {
  /** Shortest time to live. */
  public static final Duration SHORTEST = Duration.ofMillis(1);

  /** Longest time to live but for ever: ten years. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  /** For ever. */
  public static final Ttl NEVER = new Ttl(Optional.empty());

  /** Checks; what is finer than a millisecond is cut off. */
  public Ttl {
    span =
        span.map(given ->
            Duration.ofMillis(Bounds.requireSpan("ttl", given, SHORTEST, LONGEST).toMillis()));
  }

  /** From {@link #SHORTEST} to {@link #LONGEST}, in whole milliseconds. */
  public static Ttl of(Duration span) {
    return new Ttl(Optional.of(span));
  }
}
