package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes a server's frames: whole messages, never masked (RFC 6455 §5.1, §5.2). */
final class FrameEncoder {
  /** Longest payload of a control frame (RFC 6455 §5.5). */
  static final int MAX_CONTROL_BYTES = 125;

  private static final int FIN = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int MAX_SHORT_LENGTH = 125;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;

  private FrameEncoder() {}

  static byte[] plain(int opcode, byte[] payload) {
    return frame(FIN | opcode, payload);
  }

  static byte[] compressed(int opcode, byte[] payload) {
    return frame(FIN | COMPRESSED | opcode, payload);
  }

  private static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    ByteBuffer frame = ByteBuffer.allocate(headerBytes(length) + length).put((byte) first);
    if (length <= MAX_SHORT_LENGTH) {
      frame.put((byte) length);
    } else if (length < 1 << Short.SIZE) {
      frame.put((byte) LENGTH_OF_16_BITS).putShort((short) length);
    } else {
      frame.put((byte) LENGTH_OF_64_BITS).putLong(length);
    }
    return frame.put(payload).array();
  }

  static int headerBytes(int length) {
    if (length <= MAX_SHORT_LENGTH) {
      return 2;
    }
    return length < 1 << Short.SIZE ? 2 + Short.BYTES : 2 + Long.BYTES;
  }

  /** A ping or pong; reads the payload. */
  static ByteBuf control(ByteBufAllocator allocator, int opcode, ByteBuf payload) {
    int length = payload.readableBytes();
    return allocator
        .ioBuffer(2 + length)
        .writeByte(FIN | opcode)
        .writeByte(length)
        .writeBytes(payload);
  }

  /** A Close; without a body for {@link CloseCode#NONE} (RFC 6455 §5.5.1). */
  static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = code == CloseCode.NONE ? 0 : Short.BYTES + text.length;
    ByteBuf frame = allocator.ioBuffer(2 + length).writeByte(FIN | Opcode.CLOSE).writeByte(length);
    return length == 0 ? frame : frame.writeShort(code).writeBytes(text);
  }
}
