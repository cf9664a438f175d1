package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Compresses and expands whole messages (RFC 7692 §7.2). Deflaters and inflaters take native
 * memory, some 300 KB a pair; without context take-over nothing stays in them between two messages,
 * so that all connections share a few. Safe for concurrent use.
 */
final class Zlib {
  private static final int KEPT = Runtime.getRuntime().availableProcessors();

  /** What a sender takes off the end of a message (RFC 7692 §7.2.1): the end of an empty block. */
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

  /** The tail, and a final empty block: after it the inflater is finished, or data was missing. */
  private static final byte[] END = {
    0, 0, (byte) 0xFF, (byte) 0xFF, 1, 0, 0, (byte) 0xFF, (byte) 0xFF
  };

  /** One for each flush of a sender that can flush in no other way; each costs a restart. */
  private static final int MOST_FINAL_BLOCKS = 1024;

  private static final int LEAST_ROOM = 256;
  private static final int EXPECTED_RATIO = 4;

  private final Queue<Deflater> deflaters = new ArrayBlockingQueue<>(KEPT);
  private final Queue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);

  /** As many bytes as a compressor may make of so many: data that can't be compressed grows. */
  static long mostCompressed(long bytes) {
    return bytes + bytes / 8 + 64;
  }

  /** The compressed form, or empty if it is not smaller. */
  Optional<byte[]> deflate(byte[] data, int offset, int length) {
    Deflater pooled = deflaters.poll();
    Deflater deflater = pooled == null ? new Deflater(Deflater.DEFAULT_COMPRESSION, true) : pooled;
    try {
      deflater.setInput(data, offset, length);
      byte[] out = new byte[length + TAIL.length];
      int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return size < out.length
          ? Optional.of(Arrays.copyOf(out, size - TAIL.length))
          : Optional.empty();
    } finally {
      deflater.reset();
      if (!deflaters.offer(deflater)) {
        deflater.end();
      }
    }
  }

  /**
   * Expands a message; what is found to be too large is not expanded further.
   *
   * @param compressed a whole message, less its tail; its indices stay
   * @return of the allocator, for the caller to release
   */
  ByteBuf inflate(ByteBuf compressed, ByteBufAllocator allocator, int maxBytes)
      throws ViolationException {
    Inflater pooled = inflaters.poll();
    Inflater inflater = pooled == null ? new Inflater(true) : pooled;
    try {
      return new Inflation(inflater, maxBytes).of(compressed, allocator);
    } finally {
      inflater.reset();
      if (!inflaters.offer(inflater)) {
        inflater.end();
      }
    }
  }

  /** One message on its way through an inflater. */
  private static final class Inflation {
    private final Inflater inflater;
    private final int maxBytes;
    private int finalBlocks;

    Inflation(Inflater inflater, int maxBytes) {
      this.inflater = inflater;
      this.maxBytes = maxBytes;
    }

    ByteBuf of(ByteBuf compressed, ByteBufAllocator allocator) throws ViolationException {
      long expected = Math.max(LEAST_ROOM, (long) EXPECTED_RATIO * compressed.readableBytes());
      ByteBuf out = allocator.heapBuffer((int) Math.min(maxBytes, expected), maxBytes + 1);
      try {
        inflate(compressed.nioBuffer(), out);
        inflate(ByteBuffer.wrap(END), out);
        if (!inflater.finished()) {
          throw damaged();
        }
        return out.retain();
      } catch (DataFormatException e) {
        throw damaged();
      } finally {
        out.release();
      }
    }

    private void inflate(ByteBuffer in, ByteBuf out)
        throws DataFormatException, ViolationException {
      inflater.setInput(in);
      boolean full = true;
      while (full) {
        int room = roomIn(out);
        int size = inflater.inflate(out.array(), out.arrayOffset() + out.writerIndex(), room);
        out.writerIndex(out.writerIndex() + size);
        if (out.readableBytes() > maxBytes) {
          throw ViolationException.ofSize(maxBytes);
        }
        full = size == room || isAtFinalBlockBefore(in);
      }
    }

    /** Grows in few steps: each copies, and an attacker chooses how many there are. */
    private static int roomIn(ByteBuf out) {
      if (!out.isWritable()) {
        long grown = (long) EXPECTED_RATIO * out.capacity();
        out.capacity((int) Math.min(out.maxCapacity(), grown));
      }
      return out.writableBytes();
    }

    /** A sender may end a message with a final block (RFC 7692 §7.2.3.4); what follows is new. */
    private boolean isAtFinalBlockBefore(ByteBuffer in) throws ViolationException {
      if (!inflater.finished() || !in.hasRemaining()) {
        return false;
      }
      if (++finalBlocks > MOST_FINAL_BLOCKS) {
        throw damaged();
      }
      inflater.reset();
      inflater.setInput(in);
      return true;
    }

    private static ViolationException damaged() {
      return new ViolationException(
          CloseCode.INVALID_DATA, "compressed data was damaged, or referred to an earlier message");
    }
  }
}
