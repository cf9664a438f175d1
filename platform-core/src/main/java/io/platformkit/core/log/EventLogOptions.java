package io.platformkit.core.log;

import io.platformkit.core.Bounds;
import java.time.Duration;
import java.util.Optional;

/**
 * What a host says of a log when it opens it.
 *
 * @param namespace keeps its streams apart from those of others: a use, or a tenant
 * @param idleTtl after how long without an append a stream is deleted, with its head; empty: never
 */
public record EventLogOptions(String namespace, Optional<Duration> idleTtl) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(3650);

  /** Checks. */
  public EventLogOptions {
    Bounds.requireName("namespace", namespace);
    idleTtl.ifPresent(span -> Bounds.requireSpan("idleTtl", span, SHORTEST, LONGEST));
  }

  /** Streams that stay until they are deleted. */
  public static EventLogOptions of(String namespace) {
    return new EventLogOptions(namespace, Optional.empty());
  }

  /** The same, of streams that go when they are idle. */
  public EventLogOptions idleTtl(Duration idle) {
    return new EventLogOptions(namespace, Optional.of(idle));
  }
}
