package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes messages of data frames (RFC 6455 §5.4, RFC 7692 §6.2): in order, within the bounds, and
 * text in UTF-8.
 */
final class IncomingMessage {
  private final WebSocketOptions options;
  private final ByteBufAllocator allocator;
  private final Gathering parts;
  private final Receiver receiver;
  private boolean begun;
  private boolean text;
  private boolean compressed;
  private int frames;
  private @Nullable Utf8 utf8;

  /** Who gets the messages. */
  interface Receiver {
    /**
     * Takes a message.
     *
     * @param text whether it is text; then it is well-formed UTF-8
     * @param payload valid during the call unless it is retained
     */
    void receive(boolean text, ByteBuf payload);
  }

  IncomingMessage(WebSocketOptions options, ByteBufAllocator allocator, Receiver receiver) {
    this.options = options;
    this.allocator = allocator;
    this.parts = new Gathering(allocator);
    this.receiver = receiver;
  }

  /** Checks a data frame before any of its payload is kept. */
  void begin(FrameHeader header) throws ViolationException {
    boolean continues = header.opcode() == Opcode.CONTINUATION;
    if (continues != begun) {
      throw ViolationException.ofProtocol(
          begun ? "message began within another" : "continuation of no message");
    }
    if (!continues) {
      begun = true;
      frames = 0;
      text = header.opcode() == Opcode.TEXT;
      compressed = header.isCompressed();
      utf8 = text && !compressed ? new Utf8() : null;
    }
    if (++frames > options.maxFragments()) {
      throw new ViolationException(
          CloseCode.POLICY, "message had more than %d fragments".formatted(options.maxFragments()));
    }
    checkLength(header.length());
  }

  private void checkLength(long announced) throws ViolationException {
    long bound = options.maxMessageBytes();
    long room = (compressed ? Zlib.mostCompressed(bound) : bound) - parts.size();
    if (announced > room) {
      throw ViolationException.ofSize(options.maxMessageBytes());
    }
  }

  /** Takes a part of the payload of the frame that was begun last. */
  void take(FrameHeader header, ByteBuf part, boolean last) throws ViolationException {
    if (utf8 != null && !utf8.accepts(part)) {
      throw ViolationException.ofText();
    }
    if (last && header.isFinal()) {
      end(part);
    } else {
      parts.keep(part);
    }
  }

  private void end(ByteBuf last) throws ViolationException {
    begun = false;
    if (utf8 != null && !utf8.isComplete()) {
      throw ViolationException.ofText();
    }
    ByteBuf whole = parts.endingWith(last);
    try {
      if (compressed) {
        receiveInflated(whole);
      } else {
        receiver.receive(text, whole);
      }
    } finally {
      parts.clear();
    }
  }

  private void receiveInflated(ByteBuf whole) throws ViolationException {
    ByteBuf inflated = options.zlib().inflate(whole, allocator, options.maxMessageBytes());
    try {
      parts.clear();
      checkText(inflated);
      receiver.receive(text, inflated);
    } finally {
      inflated.release();
    }
  }

  private void checkText(ByteBuf inflated) throws ViolationException {
    if (text) {
      Utf8 all = new Utf8();
      if (!all.accepts(inflated) || !all.isComplete()) {
        throw ViolationException.ofText();
      }
    }
  }

  /** Lets go of what has come of an unfinished message. */
  void drop() {
    parts.clear();
  }
}
