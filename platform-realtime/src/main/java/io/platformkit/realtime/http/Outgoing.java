package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer on its way from its writer's thread to the connection. The head goes with
 * the first bytes. Blocks while the client is slow; for one thread.
 */
final class Outgoing extends OutputStream {
  private static final int PIECE = 16 << 10;

  private final Sending sending;
  private final Window window;
  private final int pieceBytes;
  private byte[] piece = {};
  private int filled;
  private @Nullable AnswerHead head;
  private boolean failed;

  /**
   * Sends nothing yet.
   *
   * @param expectedBytes of the body if that is known, else a large number
   */
  Outgoing(Sending sending, Window window, AnswerHead head, long expectedBytes) {
    this.sending = sending;
    this.window = window;
    this.head = head;
    pieceBytes = Math.clamp(expectedBytes, 1, PIECE);
  }

  /** Whether a write failed: the client's doing, not the writer's. */
  boolean isClientGone() {
    return failed;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (filled == pieceBytes) {
        flush();
      }
      if (filled == 0) {
        piece = new byte[pieceBytes];
      }
      int count = Math.min(pieceBytes - filled, length - done);
      System.arraycopy(bytes, offset + done, piece, filled, count);
      filled += count;
      done += count;
    }
  }

  @Override
  public void flush() throws IOException {
    if (filled > 0 || head != null) {
      ByteBuf bytes = take();
      sending.send(takeHead(), bytes);
    }
  }

  /** For writers, who must not end the answer: that is {@link #end}. */
  @Override
  public void close() throws IOException {
    flush();
  }

  /** Ends the answer. */
  void end() throws IOException {
    ByteBuf bytes = take();
    sending.sendLast(takeHead(), bytes);
  }

  /** Sends what is there of an answer that will not be whole, if the client takes it at once. */
  void giveUp() {
    try {
      flush();
    } catch (IOException e) {
      failed = true;
    }
  }

  private @Nullable AnswerHead takeHead() {
    AnswerHead first = head;
    head = null;
    return first;
  }

  private ByteBuf take() throws IOException {
    try {
      window.take(filled);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(piece, 0, filled);
    filled = 0;
    return bytes;
  }
}
