package io.platformkit.core.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an API key, but for its secret.
 *
 * @param id public; the key's text begins with it
 * @param principal whom the key stands for: owner, roles, tenant
 * @param createdAt when it was made
 * @param expiresAt when it ends; empty: when it is revoked
 */
public record ApiKey(
    String id, Principal principal, Instant createdAt, Optional<Instant> expiresAt) {
  /** Whether it has ended. */
  public boolean isExpired(Instant now) {
    return expiresAt.filter(end -> !end.isAfter(now)).isPresent();
  }
}
