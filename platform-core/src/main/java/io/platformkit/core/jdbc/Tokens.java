package io.platformkit.core.jdbc;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random numbers that tell one writing from every other. Safe for concurrent use. */
final class Tokens {
  private final SecureRandom random = new SecureRandom();

  /** More than zero: a version, a mark, a nonce. */
  long next() {
    long token = random.nextLong() >>> 1;
    return token == 0 ? next() : token;
  }

  /** An incarnation of a stream. */
  String epoch() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
