package io.platformkit.realtime.websocket;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ends (RFC 6455 §7). Whoever closes first, our Close goes out behind all that was
 * written before, then only our half of the stream ends: what the client still sends is read and
 * dropped until its half ends, because closing with unread input would make the system throw away
 * our Close. All of it has a time limit.
 */
final class Closing {
  private final Channel channel;
  private final Duration timeout;
  private Phase phase = Phase.OPEN;
  private int code = CloseCode.CUT;
  private String reason = "";
  private @Nullable Future<?> limit;

  private enum Phase {
    OPEN,
    /** Our Close is written, the client's is awaited. */
    BEGUN,
    /** Both were written, or there is nothing to wait for. */
    OVER
  }

  Closing(Channel channel, Duration timeout) {
    this.channel = channel;
    this.timeout = timeout;
  }

  /** Whether messages may be sent and are received. */
  boolean isOpen() {
    return phase == Phase.OPEN;
  }

  boolean isOver() {
    return phase == Phase.OVER;
  }

  /** What the listener is told. */
  int code() {
    return code;
  }

  String reason() {
    return reason;
  }

  /** Closes from our side: the client has to answer. */
  void begin(int ourCode, String ourReason) {
    if (isOpen()) {
      phase = Phase.BEGUN;
      sendClose(ourCode, ourReason);
    }
  }

  /** The client's Close came: the answer to ours, or else answered with its own code. */
  void answer(int theirCode, String theirReason) {
    if (isOpen()) {
      sendClose(theirCode, "");
      reason = theirReason;
    }
    hangUp();
  }

  /** Closes without waiting for an answer: what the client sends makes no sense any more. */
  void fail(ViolationException violation) {
    if (isOpen()) {
      sendClose(violation.code(), violation.reason());
    }
    hangUp();
  }

  /** The channel is closed. */
  void end() {
    phase = Phase.OVER;
    if (limit != null) {
      limit.cancel(false);
    }
  }

  private void sendClose(int ourCode, String ourReason) {
    code = ourCode;
    reason = ourReason;
    limit = channel.eventLoop().schedule(this::cut, timeout.toNanos(), TimeUnit.NANOSECONDS);
    channel.config().setAutoRead(true);
    ChannelFuture unused =
        channel.writeAndFlush(
            FrameEncoder.close(channel.alloc(), ourCode, ourReason), channel.voidPromise());
  }

  private void cut() {
    ChannelFuture unused = channel.close();
  }

  private void hangUp() {
    phase = Phase.OVER;
    ChannelFuture unused =
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> endStream());
  }

  private void endStream() {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      endOutput();
    } else {
      ChannelFuture unused = tls.closeOutbound().addListener(sent -> endOutput());
    }
  }

  private void endOutput() {
    ChannelFuture unused =
        channel instanceof DuplexChannel duplex ? duplex.shutdownOutput() : channel.close();
  }
}
