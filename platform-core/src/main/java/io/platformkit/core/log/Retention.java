package io.platformkit.core.log;

import io.platformkit.core.Bounds;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What trimming keeps: an entry goes if any of the bounds says so.
 *
 * @param newest how many entries stay, zero or more; empty: no bound
 * @param age how old an entry may be; empty: no bound
 */
public record Retention(OptionalLong newest, Optional<Duration> age) {
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** Checks. */
  public Retention {
    if (newest.isEmpty() && age.isEmpty()) {
      throw new IllegalArgumentException("retention had no bound but it must have at least one");
    }
    if (newest.isPresent() && newest.getAsLong() < 0) {
      throw new IllegalArgumentException(
          "newest was '%d' but it must not be negative".formatted(newest.getAsLong()));
    }
    age.ifPresent(span -> Bounds.requireSpan("age", span, Duration.ZERO, LONGEST));
  }

  /** Keeps the newest entries. */
  public static Retention newest(long entries) {
    return new Retention(OptionalLong.of(entries), Optional.empty());
  }

  /** Keeps what is at most as old, by the log's clock. */
  public static Retention age(Duration age) {
    return new Retention(OptionalLong.empty(), Optional.of(age));
  }
}
