package io.platformkit.core.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What became of credentials. */
public sealed interface Authentication {
  /**
   * They are right.
   *
   * @param principal whom they stand for
   * @param expiresAt when they end to be; a session that lasts longer has to ask again. Empty: only
   *     when they are revoked
   */
  record Authenticated(Principal principal, Optional<Instant> expiresAt)
      implements Authentication {}

  /**
   * They are wrong.
   *
   * @param reason for the log and the metrics, never for the caller
   */
  record Refused(Refusal reason) implements Authentication {}

  /**
   * They were not looked at, because too many from the same address were wrong.
   *
   * @param retryAfter when the next ones will be
   */
  record Throttled(Duration retryAfter) implements Authentication {}

  /** They are of a kind that this authenticator does not know; another one may. */
  record Absent() implements Authentication {}
}
