package io.platformkit.core.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a key: {@code pk_<id>_<secret>}, 64 and 256 random bits in lower-case hexadecimal.
 *
 * <p>SHA-256 is enough for what is kept: a slow hash makes up for secrets that people choose, and
 * of 256 random bits nobody finds one by trying.
 */
record KeyText(String id, String secret) {
  static final String PREFIX = "pk_";
  static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
  static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern TEXT = Pattern.compile("pk_([0-9a-f]{16})_([0-9a-f]{64})");
  private static final int LENGTH = PREFIX.length() + 16 + 1 + 64;

  static KeyText random(RandomGenerator random) {
    return new KeyText(hex(random, 8), hex(random, 32));
  }

  private static String hex(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static Optional<KeyText> parse(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(new KeyText(matcher.group(1), matcher.group(2)))
        : Optional.empty();
  }

  String text() {
    return PREFIX + id + "_" + secret;
  }

  /** In constant time: how far a wrong secret fits does not show. */
  boolean fits(String hash) {
    return MessageDigest.isEqual(hash().getBytes(US_ASCII), hash.getBytes(US_ASCII));
  }

  String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return PREFIX + id;
  }
}
