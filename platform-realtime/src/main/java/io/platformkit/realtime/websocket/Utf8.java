package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Checks UTF-8 as it arrives (RFC 3629 §4): no overlong forms, no surrogates, nothing above
 * U+10FFFF. A character may be cut anywhere; a wrong byte is found when it comes, not when its
 * character should have ended.
 */
final class Utf8 {
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private int missing;
  private int lowest;
  private int highest;

  /** Whether the bytes go on well-formed text; the buffer's indices stay. */
  boolean accepts(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (missing == 0 && at <= end - Long.BYTES && (bytes.getLong(at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
      } else if (!accepts(bytes.getUnsignedByte(at++))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the last character is whole. */
  boolean isComplete() {
    return missing == 0;
  }

  private boolean accepts(int octet) {
    return missing == 0 ? octet < 0x80 || begins(octet) : goesOn(octet);
  }

  private boolean begins(int octet) {
    lowest = 0x80;
    highest = 0xBF;
    if (octet >= 0xC2 && octet <= 0xDF) {
      missing = 1;
    } else if (octet >= 0xE0 && octet <= 0xEF) {
      missing = 2;
      lowest = octet == 0xE0 ? 0xA0 : lowest;
      highest = octet == 0xED ? 0x9F : highest;
    } else if (octet >= 0xF0 && octet <= 0xF4) {
      missing = 3;
      lowest = octet == 0xF0 ? 0x90 : lowest;
      highest = octet == 0xF4 ? 0x8F : highest;
    }
    return missing > 0;
  }

  private boolean goesOn(int octet) {
    boolean right = octet >= lowest && octet <= highest;
    lowest = 0x80;
    highest = 0xBF;
    missing--;
    return right;
  }
}
