package io.platformkit.core.identity;

/**
 * A key that was just made. Its {@link #toString} does not show the secret.
 *
 * @param key what is kept
 * @param secret what the caller sends, {@code pk_<id>_<secret>}; it is shown this once
 */
public record NewApiKey(ApiKey key, String secret) {
  @Override
  public String toString() {
    return "new key " + key.id();
  }
}
