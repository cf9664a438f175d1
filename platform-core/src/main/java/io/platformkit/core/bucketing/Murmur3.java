package io.platformkit.core.bucketing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * MurmurHash3, bit for bit: the hash of many systems whose buckets must be kept. New buckets are
 * {@link StickyHash}'s. Of a text, hash its UTF-8.
 *
 * @see <a href="https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp">SMHasher,
 *     MurmurHash3.cpp</a>
 */
public final class Murmur3 {
  private static final int BLOCK = 16;
  private static final long C1 = 0x87C37B91114253D5L;
  private static final long C2 = 0x4CF5AD432745937FL;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Murmur3() {}

  /**
   * 128 bits.
   *
   * @param first the first eight bytes of the reference's result, little-endian
   * @param second the other eight
   */
  public record Hash128(long first, long second) {}

  /** MurmurHash3_x86_32. */
  public static int x86Hash32(byte[] bytes, int seed) {
    int hash = seed;
    int at = 0;
    for (; at <= bytes.length - Integer.BYTES; at += Integer.BYTES) {
      hash = Integer.rotateLeft(hash ^ mixed32((int) INTS.get(bytes, at)), 13) * 5 + 0xE6546B64;
    }
    hash ^= mixed32((int) rest(bytes, at, bytes.length));
    hash ^= bytes.length;
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    hash = (hash ^ (hash >>> 13)) * 0xC2B2AE35;
    return hash ^ (hash >>> 16);
  }

  /** MurmurHash3_x64_128. */
  public static Hash128 x64Hash128(byte[] bytes, int seed) {
    long h1 = Integer.toUnsignedLong(seed);
    long h2 = h1;
    int at = 0;
    for (; at <= bytes.length - BLOCK; at += BLOCK) {
      h1 ^= mixedFirst((long) LONGS.get(bytes, at));
      h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52DCE729;
      h2 ^= mixedSecond((long) LONGS.get(bytes, at + Long.BYTES));
      h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495AB5;
    }
    int middle = Math.min(bytes.length, at + Long.BYTES);
    h1 ^= mixedFirst(rest(bytes, at, middle)) ^ bytes.length;
    h2 ^= mixedSecond(rest(bytes, middle, bytes.length)) ^ bytes.length;
    h1 += h2;
    h2 += h1;
    h1 = finished(h1);
    h2 = finished(h2);
    h1 += h2;
    return new Hash128(h1, h2 + h1);
  }

  /** Bytes as one number, the first one lowest. */
  private static long rest(byte[] bytes, int from, int to) {
    long rest = 0;
    for (int i = from; i < to; i++) {
      rest |= (bytes[i] & 0xFFL) << (8 * (i - from));
    }
    return rest;
  }

  private static int mixed32(int block) {
    return Integer.rotateLeft(block * 0xCC9E2D51, 15) * 0x1B873593;
  }

  private static long mixedFirst(long half) {
    return Long.rotateLeft(half * C1, 31) * C2;
  }

  private static long mixedSecond(long half) {
    return Long.rotateLeft(half * C2, 33) * C1;
  }

  private static long finished(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
