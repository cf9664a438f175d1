package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several messages that go to several connections of one event loop as one buffer, which those
 * connections share. For one thread: make it, {@link WebSocketConnection#write(MessageBatch) write}
 * it to each connection, close it, then flush them.
 */
public final class MessageBatch implements AutoCloseable {
  private final ByteBufAllocator allocator;
  private final List<OutgoingMessage> messages;
  private @Nullable ByteBuf plain;
  private @Nullable ByteBuf compressed;

  private MessageBatch(ByteBufAllocator allocator, List<OutgoingMessage> messages) {
    this.allocator = allocator;
    this.messages = messages;
  }

  /**
   * Encodes nothing yet.
   *
   * @param allocator what the connections' channels use
   * @param messages in the order in which clients get them
   */
  public static MessageBatch of(ByteBufAllocator allocator, List<OutgoingMessage> messages) {
    return new MessageBatch(allocator, List.copyOf(messages));
  }

  /** The frames for a connection, for the caller to release; its own if its window is small. */
  ByteBuf frames(@Nullable Compression wanted) {
    if (wanted == null) {
      plain = plain == null ? encode(allocator, messages, null) : plain;
      return plain.retainedDuplicate();
    }
    if (wanted.isLimited()) {
      return encode(allocator, messages, wanted);
    }
    compressed = compressed == null ? encode(allocator, messages, wanted) : compressed;
    return compressed.retainedDuplicate();
  }

  static ByteBuf encode(
      ByteBufAllocator allocator, List<OutgoingMessage> messages, @Nullable Compression wanted) {
    int size = 0;
    for (OutgoingMessage message : messages) {
      size = Math.addExact(size, message.frame(wanted).length);
    }
    ByteBuf frames = allocator.ioBuffer(size);
    for (OutgoingMessage message : messages) {
      frames.writeBytes(message.frame(wanted));
    }
    return frames;
  }

  /** Lets go of the buffers; connections keep what was written to them until it is sent. */
  @Override
  public void close() {
    release(plain);
    release(compressed);
    plain = null;
    compressed = null;
  }

  private static void release(@Nullable ByteBuf frames) {
    if (frames != null) {
      frames.release();
    }
  }
}
