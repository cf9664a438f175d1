package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Reads the head of one client's frame after the other (RFC 6455 §5.2), each byte as it comes, and
 * refuses what no frame may be, whatever came before it.
 */
final class FrameHeader {
  private static final int FIN = 0x80;
  private static final int COMPRESSED = 0x40;
  private static final int RESERVED = 0x30;
  private static final int OPCODE = 0x0F;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7F;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;
  private static final int MAX_CONTROL_BYTES = 125;
  private static final int MASK_BYTES = 4;

  private final boolean compression;
  private int bytesRead;
  private int first;
  private int lengthBytes;
  private long length;
  private int mask;

  /**
   * @param compression whether RSV1 has a meaning on this connection (RFC 7692 §6)
   */
  FrameHeader(boolean compression) {
    this.compression = compression;
  }

  /** Reads on; true once the header is whole, until {@link #restart}. */
  boolean isReadFrom(ByteBuf in) throws ViolationException {
    while (!isWhole()) {
      if (!in.isReadable()) {
        return false;
      }
      read(in.readUnsignedByte());
    }
    return true;
  }

  private boolean isWhole() {
    return bytesRead >= 2 && bytesRead == 2 + lengthBytes + MASK_BYTES;
  }

  void restart() {
    bytesRead = 0;
  }

  private void read(int octet) throws ViolationException {
    int at = bytesRead++;
    if (at == 0) {
      readFirst(octet);
    } else if (at == 1) {
      readSecond(octet);
    } else if (at < 2 + lengthBytes) {
      length = length << Byte.SIZE | octet;
      if (at == 1 + lengthBytes) {
        checkLength();
      }
    } else {
      mask = mask << Byte.SIZE | octet;
    }
  }

  private void readFirst(int octet) throws ViolationException {
    first = octet;
    if ((octet & RESERVED) != 0) {
      throw ViolationException.ofProtocol("reserved bits were set");
    }
    if (!Opcode.isKnown(opcode())) {
      throw ViolationException.ofProtocol("opcode %d is reserved".formatted(opcode()));
    }
    if (isCompressed() && !isFirstOfCompressible()) {
      throw ViolationException.ofProtocol("RSV1 was set where it has no meaning");
    }
    if (Opcode.isControl(opcode()) && !isFinal()) {
      throw ViolationException.ofProtocol("control frame was fragmented");
    }
  }

  private boolean isFirstOfCompressible() {
    return compression && (opcode() == Opcode.TEXT || opcode() == Opcode.BINARY);
  }

  private void readSecond(int octet) throws ViolationException {
    if ((octet & MASKED) == 0) {
      throw ViolationException.ofProtocol("frame was not masked");
    }
    int shortLength = octet & LENGTH;
    if (Opcode.isControl(opcode()) && shortLength > MAX_CONTROL_BYTES) {
      throw ViolationException.ofProtocol("control frame had more than 125 bytes");
    }
    lengthBytes =
        switch (shortLength) {
          case LENGTH_OF_16_BITS -> Short.BYTES;
          case LENGTH_OF_64_BITS -> Long.BYTES;
          default -> 0;
        };
    length = lengthBytes == 0 ? shortLength : 0;
  }

  private void checkLength() throws ViolationException {
    if (length < 0) {
      throw ViolationException.ofProtocol("length had its highest bit set");
    }
    long least = lengthBytes == Short.BYTES ? LENGTH_OF_16_BITS : 1L << Short.SIZE;
    if (length < least) {
      throw ViolationException.ofProtocol("length was not encoded in the fewest bytes");
    }
  }

  int opcode() {
    return first & OPCODE;
  }

  boolean isFinal() {
    return (first & FIN) != 0;
  }

  boolean isCompressed() {
    return (first & COMPRESSED) != 0;
  }

  /** Bytes of payload; never negative. */
  long length() {
    return length;
  }

  int mask() {
    return mask;
  }
}
