package io.platformkit.realtime.websocket;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message to clients, encoded once for all of them: frame and payload for those without
 * compression, and, when the first connection asks for it, a compressed form for the others. Never
 * changes and needs no release. Safe for concurrent use.
 */
public final class OutgoingMessage {
  private final int opcode;
  private final byte[] plain;
  private final int payloadBytes;
  private volatile byte @Nullable [] compressed;

  private OutgoingMessage(int opcode, byte[] payload) {
    this.opcode = opcode;
    this.plain = FrameEncoder.plain(opcode, payload);
    this.payloadBytes = payload.length;
  }

  /** Text; a lone surrogate becomes a question mark. */
  public static OutgoingMessage text(String text) {
    return text(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Text in UTF-8.
   *
   * @param utf8 well formed, which is not checked; copied
   */
  public static OutgoingMessage text(byte[] utf8) {
    return new OutgoingMessage(Opcode.TEXT, utf8);
  }

  /**
   * Bytes.
   *
   * @param payload copied
   */
  public static OutgoingMessage binary(byte[] payload) {
    return new OutgoingMessage(Opcode.BINARY, payload);
  }

  /** Bytes of the payload, before compression. */
  public int size() {
    return payloadBytes;
  }

  /** The frame in the form that is right for a connection; not to be changed. */
  byte[] frame(@Nullable Compression compression) {
    if (compression == null || !compression.covers(payloadBytes)) {
      return plain;
    }
    byte[] form = compressed;
    return form == null ? compress(compression.zlib()) : form;
  }

  /** One thread compresses; others that ask meanwhile wait for it. */
  private synchronized byte[] compress(Zlib zlib) {
    byte[] form = compressed;
    if (form == null) {
      form =
          zlib.deflate(plain, plain.length - payloadBytes, payloadBytes)
              .map(smaller -> FrameEncoder.compressed(opcode, smaller))
              .orElse(plain);
      compressed = form;
    }
    return form;
  }

  @Override
  public String toString() {
    return "%s message of %d bytes"
        .formatted(opcode == Opcode.TEXT ? "text" : "binary", payloadBytes);
  }
}
