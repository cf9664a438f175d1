package io.platformkit.core.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the loads of a cache go by, and what its callers are told. */
record CacheSettings(
    String name,
    Duration loadTimeout,
    Duration leaseTtl,
    Duration tierTimeout,
    Duration tierPause,
    Duration retryAfter) {

  /** A load took too long. */
  static final class Overdue extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** The cache was closed. */
  static final class Closed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** What one caller is told of a load that failed. */
  RuntimeException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case Overdue overdue -> new LoadTimeoutException(name, loadTimeout);
      case Closed closed -> new IllegalStateException("cache '%s' is closed".formatted(name));
      case null -> new CacheException(name, "a load of cache '%s' ended".formatted(name));
      default -> new LoadFailedException(name, cause);
    };
  }

  /** How long a reservation stays that nobody fills: no load goes on for so long. */
  Duration reservation() {
    return loadTimeout.multipliedBy(3);
  }
}
