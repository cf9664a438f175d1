package io.platformkit.core.jwt;

import java.time.Instant;

/**
 * A token that was just made. Its {@link #toString} does not show it.
 *
 * @param text what the caller sends as a bearer token
 * @param expiresAt when it ends
 */
public record IssuedToken(String text, Instant expiresAt) {
  @Override
  public String toString() {
    return "token until " + expiresAt;
  }
}
