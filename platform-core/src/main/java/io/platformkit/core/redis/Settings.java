package io.platformkit.core.redis;

import io.platformkit.core.Backoff;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the host has chosen; checked. */
record Settings(
    String uri,
    Optional<String> user,
    Optional<char[]> password,
    Optional<char[]> sentinelPassword,
    Optional<Path> trusted,
    Optional<Identity> identity,
    boolean evicting,
    String prefix,
    Timers timers,
    ErrorHandler errors,
    Counters counters,
    int maxValueBytes,
    Duration timeout,
    Backoff backoff) {
  @Override
  public String toString() {
    return "settings for " + Uris.redacted(uri);
  }

  /** PEM files of a client's certificates and of its key. */
  record Identity(Path certificates, Path key) {}
}
