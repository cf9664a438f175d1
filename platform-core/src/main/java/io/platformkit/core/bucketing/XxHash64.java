package io.platformkit.core.bucketing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * XXH64, bit for bit. Of a String it hashes the UTF-8 without making the bytes: nothing is
 * allocated.
 *
 * @see <a href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash
 *     specification, XXH64</a>
 */
public final class XxHash64 {
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
  private static final long PRIME_3 = 0x165667B19E3779F9L;
  private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
  private static final long PRIME_5 = 0x27D4EB2F165667C5L;

  private static final int LANE = 8;
  private static final int STRIPE = 4 * LANE;
  private static final int LAST_OF_ASCII = 0x7F;
  private static final long BEYOND_ASCII = 0xFF80_FF80_FF80_FF80L;
  private static final int REPLACEMENT = 0xFFFD;

  private static final VarHandle LANES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private XxHash64() {}

  /** Hashes bytes. */
  public static long hash(byte[] bytes, long seed) {
    int end = bytes.length;
    int striped = end - end % STRIPE;
    int at = 0;
    long hash = seed + PRIME_5;
    if (striped > 0) {
      long v1 = seed + PRIME_1 + PRIME_2;
      long v2 = seed + PRIME_2;
      long v3 = seed;
      long v4 = seed - PRIME_1;
      for (; at < striped; at += LANE) {
        long next = round(v1, (long) LANES.get(bytes, at));
        v1 = v2;
        v2 = v3;
        v3 = v4;
        v4 = next;
      }
      hash = merged(v1, v2, v3, v4);
    }
    hash += end;
    for (; at <= end - LANE; at += LANE) {
      hash = step(hash, (long) LANES.get(bytes, at));
    }
    long rest = 0;
    for (int i = at; i < end; i++) {
      rest |= (bytes[i] & 0xFFL) << (8 * (i - at));
    }
    return finished(hash, rest, end - at);
  }

  /** Hashes the UTF-8 of a text; a lone surrogate counts as U+FFFD. */
  public static long hash(String text, long seed) {
    int end = text.length();
    int striped = end - end % STRIPE;
    int at = 0;
    long hash = seed + PRIME_5;
    if (striped > 0) {
      long v1 = seed + PRIME_1 + PRIME_2;
      long v2 = seed + PRIME_2;
      long v3 = seed;
      long v4 = seed - PRIME_1;
      for (; at < striped; at += LANE) {
        long low = four(text, at);
        long high = four(text, at + 4);
        if (((low | high) & BEYOND_ASCII) != 0) {
          return hashUtf8(text, seed);
        }
        long next = round(v1, narrow(low) | (narrow(high) << 32));
        v1 = v2;
        v2 = v3;
        v3 = v4;
        v4 = next;
      }
      hash = merged(v1, v2, v3, v4);
    }
    hash += end;
    for (; at <= end - LANE; at += LANE) {
      long low = four(text, at);
      long high = four(text, at + 4);
      if (((low | high) & BEYOND_ASCII) != 0) {
        return hashUtf8(text, seed);
      }
      hash = step(hash, narrow(low) | (narrow(high) << 32));
    }
    long rest = 0;
    int seen = 0;
    for (int i = at; i < end; i++) {
      char c = text.charAt(i);
      seen |= c;
      rest |= (long) c << (8 * (i - at));
    }
    return seen <= LAST_OF_ASCII ? finished(hash, rest, end - at) : hashUtf8(text, seed);
  }

  /** Four characters, 16 bits each, the first one lowest; small, so that it is always inlined. */
  private static long four(String text, int at) {
    return (long) text.charAt(at)
        | ((long) text.charAt(at + 1) << 16)
        | ((long) text.charAt(at + 2) << 32)
        | ((long) text.charAt(at + 3) << 48);
  }

  /** Four characters of ASCII as four bytes. */
  private static long narrow(long four) {
    long pairs = (four | (four >>> 8)) & 0x0000_FFFF_0000_FFFFL;
    return (pairs | (pairs >>> 16)) & 0xFFFF_FFFFL;
  }

  /** Encodes as it goes: a lane is hashed when its eight bytes are there. */
  private static long hashUtf8(String text, long seed) {
    long length = utf8Length(text);
    long striped = length / STRIPE * (STRIPE / LANE);
    long v1 = seed + PRIME_1 + PRIME_2;
    long v2 = seed + PRIME_2;
    long v3 = seed;
    long v4 = seed - PRIME_1;
    long hash = seed + PRIME_5 + length;
    long lane = 0;
    int filled = 0;
    long lanes = 0;
    int point;
    for (int at = 0; at < text.length(); at += Character.charCount(point)) {
      point = point(text, at);
      long bytes = utf8(point);
      int size = utf8Size(point);
      lane |= bytes << (8 * filled);
      filled += size;
      if (filled < LANE) {
        continue;
      }
      filled -= LANE;
      if (lanes >= striped) {
        hash = step(hash, lane);
      } else {
        long next = round(v1, lane);
        v1 = v2;
        v2 = v3;
        v3 = v4;
        v4 = next;
        lanes++;
        hash = lanes < striped ? hash : merged(v1, v2, v3, v4) + length;
      }
      lane = bytes >>> (8 * (size - filled));
    }
    return finished(hash, lane, filled);
  }

  private static long utf8Length(String text) {
    long length = 0;
    int point;
    for (int at = 0; at < text.length(); at += Character.charCount(point)) {
      point = point(text, at);
      length += utf8Size(point);
    }
    return length;
  }

  private static int point(String text, int at) {
    char c = text.charAt(at);
    return Character.isSurrogate(c) ? text.codePointAt(at) : c;
  }

  private static int utf8Size(int point) {
    if (point <= LAST_OF_ASCII) {
      return 1;
    }
    if (point < 0x800) {
      return 2;
    }
    return point < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 3 : 4;
  }

  /** The bytes of a code point, the first one lowest. */
  private static long utf8(int point) {
    int known =
        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? REPLACEMENT : point;
    return switch (utf8Size(known)) {
      case 1 -> known;
      case 2 -> 0xC0 | (known >>> 6) | (tail(known) << 8);
      case 3 -> 0xE0 | (known >>> 12) | (tail(known >>> 6) << 8) | (tail(known) << 16);
      default ->
          0xF0
              | (known >>> 18)
              | (tail(known >>> 12) << 8)
              | (tail(known >>> 6) << 16)
              | (tail(known) << 24);
    };
  }

  private static long tail(int bits) {
    return 0x80 | (bits & 0x3F);
  }

  private static long round(long accumulator, long lane) {
    return Long.rotateLeft(accumulator + lane * PRIME_2, 31) * PRIME_1;
  }

  private static long merged(long v1, long v2, long v3, long v4) {
    long hash =
        Long.rotateLeft(v1, 1)
            + Long.rotateLeft(v2, 7)
            + Long.rotateLeft(v3, 12)
            + Long.rotateLeft(v4, 18);
    hash = (hash ^ round(0, v1)) * PRIME_1 + PRIME_4;
    hash = (hash ^ round(0, v2)) * PRIME_1 + PRIME_4;
    hash = (hash ^ round(0, v3)) * PRIME_1 + PRIME_4;
    return (hash ^ round(0, v4)) * PRIME_1 + PRIME_4;
  }

  private static long step(long hash, long lane) {
    return Long.rotateLeft(hash ^ round(0, lane), 27) * PRIME_1 + PRIME_4;
  }

  /** Adds what is left, fewer than eight bytes, and mixes. */
  private static long finished(long body, long rest, int size) {
    long hash = body;
    long bytes = rest;
    int left = size;
    if (left >= 4) {
      hash = Long.rotateLeft(hash ^ ((bytes & 0xFFFFFFFFL) * PRIME_1), 23) * PRIME_2 + PRIME_3;
      bytes >>>= 32;
      left -= 4;
    }
    for (; left > 0; left--) {
      hash = Long.rotateLeft(hash ^ ((bytes & 0xFF) * PRIME_5), 11) * PRIME_1;
      bytes >>>= 8;
    }
    hash = (hash ^ (hash >>> 33)) * PRIME_2;
    hash = (hash ^ (hash >>> 29)) * PRIME_3;
    return hash ^ (hash >>> 32);
  }
}
