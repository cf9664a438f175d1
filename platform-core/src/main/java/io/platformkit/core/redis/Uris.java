package io.platformkit.core.redis;

import io.lettuce.core.RedisURI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is known of Redis' URIs. */
final class Uris {
  private static final Pattern USER_INFO = Pattern.compile("//[^/]*@");

  private Uris() {}

  /** What is wrong with a URI, without its password. */
  static Optional<String> fault(String uri) {
    try {
      RedisURI.create(uri);
      return Optional.empty();
    } catch (RuntimeException malformed) {
      return Optional.of(
          ("uri was '%s' but it must look like redis://host:6379/0, rediss://host or"
                  + " redis-sentinel://host:26379/0#primary")
              .formatted(redacted(uri)));
    }
  }

  /** Without user and password. */
  static String redacted(String uri) {
    return USER_INFO.matcher(uri).replaceFirst("//…@");
  }
}
