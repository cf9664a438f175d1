package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

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
    ByteBuffer text = bytes.nioBuffer();
    while (text.hasRemaining()) {
      if (missing == 0) {
        skipAscii(text);
      }
      if (text.hasRemaining() && !accepts(text.get() & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  private static void skipAscii(ByteBuffer text) {
    int at = text.position();
    int end = text.limit();
    while (at <= end - Long.BYTES && (text.getLong(at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < end && text.get(at) >= 0) {
      at++;
    }
    text.position(at);
  }

  /** Whether the last character is whole. */
  boolean isComplete() {
    return missing == 0;
  }

  private boolean accepts(int octet) {
    return missing == 0 ? begins(octet) : goesOn(octet);
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
