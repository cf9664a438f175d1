package io.platformkit.core.identity;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a caller shows to say who it is, wherever it came from: a header, a query parameter, the
 * first message of a session. Its {@link #toString} does not show the secret.
 *
 * @param scheme what kind it is, in lower case: {@link #BEARER}, {@link #API_KEY}, or the host's
 *     own, a token of at most 32 letters, digits and hyphens
 * @param secret as it came, of any length; whoever reads it has a bound
 */
public record Credentials(String scheme, String secret) {
  /** The scheme of a bearer token, RFC 6750. */
  public static final String BEARER = "bearer";

  /** The scheme of a key that {@link ApiKeys} made. */
  public static final String API_KEY = "apikey";

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z0-9-]{1,32}");

  /** Checks; the scheme's case does not matter. */
  public Credentials {
    Objects.requireNonNull(secret, "secret");
    if (!SCHEME.matcher(scheme).matches()) {
      throw new IllegalArgumentException("scheme must be 1 to 32 letters, digits and hyphens");
    }
    scheme = scheme.toLowerCase(Locale.ROOT);
  }

  /** A bearer token. */
  public static Credentials bearer(String token) {
    return new Credentials(BEARER, token);
  }

  /** An API key. */
  public static Credentials apiKey(String key) {
    return new Credentials(API_KEY, key);
  }

  /** The scheme alone. */
  @Override
  public String toString() {
    return scheme + " credentials";
  }
}
