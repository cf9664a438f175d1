package io.platformkit.realtime.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Frames as clients send them, right and wrong ones; written apart from the code that reads them.
 */
final class Wire {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  private static final int MASKED = 0x80;
  private static final byte[] KEY = {0x37, (byte) 0xFA, 0x21, 0x3D};

  private Wire() {}

  static byte[] text(String text) {
    return frame(FIN | 0x1, text.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] binary(byte[] payload) {
    return frame(FIN | 0x2, payload);
  }

  static byte[] ping(String payload) {
    return frame(FIN | 0x9, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return frame(FIN | 0x8, join(new byte[] {(byte) (code >> 8), (byte) code}, text));
  }

  /** A masked frame whose length is encoded as it should be. */
  static byte[] frame(int first, byte[] payload) {
    int length = payload.length;
    if (length < 126) {
      return join(new byte[] {(byte) first, (byte) (MASKED | length)}, KEY, masked(payload));
    }
    return length < 65_536
        ? join(head16(first, length), masked(payload))
        : join(head64(first, length), masked(payload));
  }

  static byte[] head16(int first, int length) {
    return written(out -> {
      out.writeByte(first);
      out.writeByte(MASKED | 126);
      out.writeShort(length);
      out.write(KEY);
    });
  }

  static byte[] head64(int first, long length) {
    return written(out -> {
      out.writeByte(first);
      out.writeByte(MASKED | 127);
      out.writeLong(length);
      out.write(KEY);
    });
  }

  static byte[] masked(byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= KEY[i % KEY.length];
    }
    return masked;
  }

  /** The payload of a compressed message (RFC 7692 §7.2.1). */
  static byte[] deflated(byte[] payload) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(payload);
      byte[] out = new byte[payload.length + payload.length / 8 + 64];
      int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return Arrays.copyOf(out, size - 4);
    } finally {
      deflater.end();
    }
  }

  static byte[] join(byte[]... parts) {
    return written(out -> {
      for (byte[] part : parts) {
        out.write(part);
      }
    });
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
