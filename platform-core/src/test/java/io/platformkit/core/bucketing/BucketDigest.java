package io.platformkit.core.bucketing;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** One number for the buckets of many ids; also what a child JVM prints. */
final class BucketDigest {
  private static final int IDS = 5000;

  private BucketDigest() {}

  /** Writes the digest, whatever the encoding of the JVM is. */
  public static void main(String[] args) {
    byte[] digest = of().getBytes(US_ASCII);
    System.out.write(digest, 0, digest.length);
    System.out.flush();
  }

  static String of() {
    StickyHash hash = StickyHash.salted("new-checkout-é");
    long digest = 0;
    for (IdShape shape : IdShape.values()) {
      for (int i = 0; i < IDS; i++) {
        digest = digest * 31 + hash.hash(shape.id(i));
        digest = digest * 31 + hash.bucket(shape.id(i));
        digest = digest * 31 + Md5Buckets.bucket(shape.id(i), "é");
      }
    }
    return Long.toUnsignedString(digest, 16);
  }
}
