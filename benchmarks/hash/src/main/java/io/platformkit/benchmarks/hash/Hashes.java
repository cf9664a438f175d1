package io.platformkit.benchmarks.hash;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.platformkit.core.bucketing.StickyHash;
import org.apache.commons.codec.digest.MurmurHash3;

/** What each side does with one id. */
final class Hashes {
  private static final int SEED = 7;
  private static final StickyHash OURS = StickyHash.salted("new-checkout");
  private static final HashFunction GUAVA_128 = Hashing.murmur3_128(SEED);
  private static final HashFunction GUAVA_32 = Hashing.murmur3_32_fixed(SEED);

  private Hashes() {}

  static long ours(String id) {
    return OURS.bucket(id);
  }

  static long guava128(String id) {
    return bucket(GUAVA_128.hashString(id, UTF_8).asLong());
  }

  /** 32 bits: fewer than ours, and the bias of a remainder is left out. */
  static long guava32(String id) {
    return GUAVA_32.hashString(id, UTF_8).asInt() & 0xFFFFFFFFL;
  }

  static long codec128(String id) {
    byte[] bytes = id.getBytes(UTF_8);
    return bucket(MurmurHash3.hash128x64(bytes, 0, bytes.length, SEED)[0]);
  }

  /** The floor: each character once. */
  static long characters(String id) {
    int sum = 0;
    for (int i = 0; i < id.length(); i++) {
      sum += id.charAt(i);
    }
    return sum;
  }

  private static long bucket(long hash) {
    return Math.unsignedMultiplyHigh(hash, StickyHash.BUCKETS);
  }
}
