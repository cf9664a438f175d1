package io.platformkit.core.bucketing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The compatibility mode: buckets as systems deal them that take the MD5 of {@code user:experiment}
 * modulo 100. Whoever moves over from one keeps every user where it is; new experiments use {@link
 * StickyHash}, which is faster, finer and cannot mistake one pair for another.
 *
 * <p>In Python: {@code int(hashlib.md5(f"{user}:{experiment}".encode()).hexdigest(), 16) % 100}.
 */
public final class Md5Buckets {
  /** How many buckets there are. */
  public static final int BUCKETS = 100;

  private Md5Buckets() {}

  /** The bucket of a user in an experiment, from 0 to 99. */
  public static int bucket(String user, String experiment) {
    return bucketOf(user + ":" + experiment, BUCKETS);
  }

  /**
   * The MD5 of a text's UTF-8, as one unsigned number of 128 bits with the first byte highest,
   * modulo a number of buckets.
   *
   * @param buckets at least 1
   */
  public static int bucketOf(String text, int buckets) {
    if (buckets < 1) {
      throw new IllegalArgumentException(
          "buckets was '%d' but it must be at least 1".formatted(buckets));
    }
    long remainder = 0;
    for (byte b : md5().digest(text.getBytes(UTF_8))) {
      remainder = ((remainder << 8) | (b & 0xFF)) % buckets;
    }
    return (int) remainder;
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("MD5 is missing, though every JDK must have it", e);
    }
  }
}
