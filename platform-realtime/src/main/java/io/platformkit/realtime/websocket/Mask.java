package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;

/** Takes the client's mask off (RFC 6455 §5.3), in place, eight bytes at a time. */
final class Mask {
  private Mask() {}

  /**
   * @param key the four bytes of the mask, the first one highest
   * @param offset how many bytes of the frame's payload came before these
   */
  static void remove(ByteBuf payload, int key, long offset) {
    int turned = Integer.rotateLeft(key, (int) (offset & 3) * Byte.SIZE);
    long wide = (long) turned << Integer.SIZE | Integer.toUnsignedLong(turned);
    int at = payload.readerIndex();
    int end = payload.writerIndex();
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      payload.setLong(at, payload.getLong(at) ^ wide);
    }
    for (int shift = Integer.SIZE - Byte.SIZE; at < end; at++, shift -= Byte.SIZE) {
      payload.setByte(at, payload.getByte(at) ^ turned >>> shift);
    }
  }
}
