package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what comes in parts. What comes in one is not copied; otherwise memory grows with
 * what has arrived, never with what was announced.
 */
final class Gathering {
  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf kept;

  Gathering(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  int size() {
    return kept == null ? 0 : kept.readableBytes();
  }

  void keep(ByteBuf part) {
    if (part.isReadable()) {
      if (kept == null) {
        kept = allocator.heapBuffer(part.readableBytes());
      }
      kept.writeBytes(part);
    }
  }

  /** All of it, valid until {@link #clear}: the last part itself, if it is the only one. */
  ByteBuf endingWith(ByteBuf last) {
    if (kept == null) {
      return last;
    }
    return kept.writeBytes(last);
  }

  void clear() {
    if (kept != null) {
      kept.release();
      kept = null;
    }
  }
}
