package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What a client's Close says (RFC 6455 §5.5.1, §7.4). */
record ClosePayload(int code, String reason) {

  static ClosePayload of(ByteBuf payload) throws ViolationException {
    if (!payload.isReadable()) {
      return new ClosePayload(CloseCode.NONE, "");
    }
    if (payload.readableBytes() < Short.BYTES) {
      throw ViolationException.ofProtocol("Close had one byte");
    }
    int code = payload.readUnsignedShort();
    if (!CloseCode.mayBeSent(code)) {
      throw ViolationException.ofProtocol("close code %d must not be sent".formatted(code));
    }
    Utf8 text = new Utf8();
    if (!text.accepts(payload) || !text.isComplete()) {
      throw new ViolationException(CloseCode.INVALID_DATA, "reason of Close was not UTF-8");
    }
    return new ClosePayload(code, payload.toString(StandardCharsets.UTF_8));
  }
}
