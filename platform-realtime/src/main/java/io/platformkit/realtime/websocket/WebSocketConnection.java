package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket, from the server's side. For the channel's event loop alone, {@link #channel}
 * and {@link #subprotocol} excepted. Once it is closing, what is written is dropped.
 */
public final class WebSocketConnection {
  private final Channel channel;
  private final @Nullable Compression compression;
  private final Optional<String> subprotocol;
  private final Closing closing;
  private boolean flushesHeld;
  private boolean flushIsDue;

  WebSocketConnection(
      Channel channel,
      WebSocketOptions options,
      Optional<Compression> compression,
      Optional<String> subprotocol) {
    this.channel = channel;
    this.compression = compression.orElse(null);
    this.subprotocol = subprotocol;
    this.closing = new Closing(channel, options.closeTimeout());
  }

  /** What carries it: its event loop, allocator, addresses and id. */
  public Channel channel() {
    return channel;
  }

  /** The subprotocol that was agreed on. */
  public Optional<String> subprotocol() {
    return subprotocol;
  }

  /** Whether messages may be compressed in both directions. */
  public boolean isCompressed() {
    return compression != null;
  }

  /** Whether neither side has begun to close it. */
  public boolean isOpen() {
    return closing.isOpen() && channel.isActive();
  }

  /** Whether fewer bytes wait than the channel's high water mark. */
  public boolean isWritable() {
    return channel.isWritable();
  }

  /** Bytes that were written and that the system has not taken yet, with Netty's cost of each. */
  public long pendingBytes() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  /**
   * Writes and flushes a message. Several from within one call of the listener are flushed once.
   */
  public void send(OutgoingMessage message) {
    write(message);
    flush();
  }

  /** Writes a message without a flush. */
  public void write(OutgoingMessage message) {
    if (isOpen()) {
      write(MessageBatch.encode(channel.alloc(), List.of(message), compression));
    }
  }

  /** Writes a batch without a flush. */
  public void write(MessageBatch batch) {
    if (isOpen()) {
      write(batch.frames(compression));
    }
  }

  private void write(ByteBuf frames) {
    ChannelFuture unused = channel.write(frames, channel.voidPromise());
  }

  /** Hands what was written to the system; while input is being read, when all of it was. */
  public void flush() {
    if (flushesHeld) {
      flushIsDue = true;
    } else {
      channel.flush();
    }
  }

  /**
   * Sends a ping; the answer comes to {@link WebSocketListener#onPong}.
   *
   * @param payload at most 125 bytes
   */
  public void ping(byte[] payload) {
    if (payload.length > FrameEncoder.MAX_CONTROL_BYTES) {
      throw new IllegalArgumentException(
          "payload had %d bytes but it must have at most %d"
              .formatted(payload.length, FrameEncoder.MAX_CONTROL_BYTES));
    }
    control(Opcode.PING, Unpooled.wrappedBuffer(payload));
  }

  void control(int opcode, ByteBuf payload) {
    if (isOpen()) {
      write(FrameEncoder.control(channel.alloc(), opcode, payload));
      flush();
    }
  }

  /** Reads no more from the client, beyond what is read already, until {@link #resumeReading}. */
  public void pauseReading() {
    if (isOpen()) {
      channel.config().setAutoRead(false);
    }
  }

  /** Reads on. */
  public void resumeReading() {
    channel.config().setAutoRead(true);
  }

  /**
   * Sends what was written, then a Close, and waits for the client's within the close timeout.
   * Messages that still come are dropped. Does nothing if it is closing already.
   *
   * @param code one that may be sent: see {@link CloseCode#mayBeSent}
   * @param reason at most 123 bytes of UTF-8
   */
  public void close(int code, String reason) {
    int bytes = reason.getBytes(StandardCharsets.UTF_8).length;
    if (!CloseCode.mayBeSent(code)) {
      throw new IllegalArgumentException(
          "code was '%d' but it must be one that may be sent".formatted(code));
    }
    if (bytes > FrameEncoder.MAX_CONTROL_BYTES - Short.BYTES) {
      throw new IllegalArgumentException(
          "reason had %d bytes but it must have at most %d"
              .formatted(bytes, FrameEncoder.MAX_CONTROL_BYTES - Short.BYTES));
    }
    closing.begin(code, reason);
  }

  /** Ends it at once, without a Close and without what is still to be sent. */
  public void cut() {
    ChannelFuture unused = channel.close();
  }

  Closing closing() {
    return closing;
  }

  /** Until {@link #releaseFlushes} flushes are put off, so that answers go out together. */
  void holdFlushes() {
    flushesHeld = true;
  }

  void releaseFlushes() {
    flushesHeld = false;
    if (flushIsDue) {
      flushIsDue = false;
      channel.flush();
    }
  }

  @Override
  public String toString() {
    return "websocket " + channel.id().asShortText();
  }
}
