package io.platformkit.benchmarks.realtime;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts a server's frames, and skips what is in them. For one thread. */
final class Frames {
  private static final int OPCODE = 0x0F;
  private static final int CLOSE = 8;
  private static final int SHORT_LENGTH = 126;
  private static final int LONG_LENGTH = 127;

  private Part part = Part.FIRST;
  private int lengthBytes; // still to come
  private long length;
  private long left; // of the payload
  private long ended;
  private long payloadBytes;

  /** What comes next of a header. */
  private enum Part {
    FIRST,
    LENGTH,
    MORE_LENGTH
  }

  /** Frames that were read to their ends. */
  long ended() {
    return ended;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  /**
   * Reads all that is there.
   *
   * @param seen gets parts of payloads, if there is somebody who wants them
   */
  void read(ByteBuf in, @Nullable Consumer<ByteBuf> seen) {
    while (in.isReadable()) {
      if (left == 0) {
        readHeader(in.readUnsignedByte());
      } else {
        int count = (int) Math.min(left, in.readableBytes());
        if (seen != null) {
          seen.accept(in.slice(in.readerIndex(), count));
        }
        in.skipBytes(count);
        payloadBytes += count;
        left -= count;
        ended += left == 0 ? 1 : 0;
      }
    }
  }

  private void readHeader(int next) {
    switch (part) {
      case FIRST -> {
        requireMessage(next);
        part = Part.LENGTH;
      }
      case LENGTH -> {
        lengthBytes = next == SHORT_LENGTH ? 2 : next == LONG_LENGTH ? 8 : 0;
        length = lengthBytes == 0 ? next : 0;
        part = Part.MORE_LENGTH;
      }
      case MORE_LENGTH -> {
        length = length << 8 | next;
        lengthBytes--;
      }
    }
    if (part == Part.MORE_LENGTH && lengthBytes == 0) {
      left = length;
      part = Part.FIRST;
    }
  }

  private static void requireMessage(int first) {
    if ((first & OPCODE) >= CLOSE) {
      throw new IllegalStateException(
          "frame was 0x%x but no control frame is due".formatted(first));
    }
  }
}
