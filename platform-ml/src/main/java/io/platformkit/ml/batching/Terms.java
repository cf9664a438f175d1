package io.platformkit.ml.batching;

import io.platformkit.core.Bounds;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * On which terms a request is made.
 *
 * @param patience how long it may wait for its computation to begin, 1 µs to 1 hour; empty: as long
 *     as it takes. A computation that began in time is finished and given, however long it takes
 */
public record Terms(Priority priority, Optional<Duration> patience) {
  /** Normal priority, and as much patience as it takes. */
  public static final Terms DEFAULT = of(Priority.NORMAL);

  private static final Duration SHORTEST = Duration.ofNanos(1_000);
  private static final Duration LONGEST = Duration.ofHours(1);

  public Terms {
    Objects.requireNonNull(priority, "priority");
    patience.ifPresent(span -> Bounds.requireSpan("patience", span, SHORTEST, LONGEST));
  }

  /** A priority, and as much patience as it takes. */
  public static Terms of(Priority priority) {
    return new Terms(priority, Optional.empty());
  }

  /** Normal priority, and an end of patience. */
  public static Terms within(Duration patience) {
    return DEFAULT.patience(patience);
  }

  /** These, with an end of patience. */
  public Terms patience(Duration patience) {
    return new Terms(priority, Optional.of(patience));
  }
}
