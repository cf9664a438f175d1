package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request and then waits: requests that a client sends ahead stay bytes, one read of
 * the socket at most, and the client feels it. Netty's server codec would decode all of them, a
 * multiple of their size in memory, and read the first frames behind an upgrade as a request.
 */
final class RequestDecoder extends HttpRequestDecoder {
  /** Method, version and two spaces: what is in a request line beside the target. */
  private static final int LINE_OVERHEAD = 256;

  private static final int MAX_PIECE = 16 << 10;
  private static final long MAX_DISCARDED_BYTES = 64L << 20;

  private State state = State.READING;
  private boolean begun;
  private long discarded;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Object inputEnd;

  private enum State {
    READING,
    HOLDING,
    DISCARDING
  }

  RequestDecoder(HttpOptions options) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(options.requests().maxTargetLength() + LINE_OVERHEAD)
            .setMaxHeaderSize(options.maxHeaderBytes())
            .setMaxChunkSize(MAX_PIECE)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true));
  }

  /** Whether part of a request has come. */
  boolean hasBegun() {
    return begun;
  }

  /** Decodes nothing more before {@link #goOn}. */
  void hold() {
    state = State.HOLDING;
  }

  /** Decodes the rest of this request, or the next one. */
  void goOn() throws Exception {
    ChannelHandlerContext now = context();
    state = State.READING;
    read(now, true);
    if (actualReadableBytes() > 0) {
      channelRead(now, Unpooled.EMPTY_BUFFER);
    }
    if (inputEnd != null && state == State.READING) {
      super.userEventTriggered(now, inputEnd);
    }
  }

  /** Reads the socket, or lets the client wait; once the input has ended, epoll allows neither. */
  private void read(ChannelHandlerContext now, boolean on) {
    if (inputEnd == null) {
      now.channel().config().setAutoRead(on);
    }
  }

  /** Throws away what comes from now on, and closes the connection when that is too much. */
  void discard() {
    state = State.DISCARDING;
    read(context(), true);
  }

  /** Whether {@link #discard} was called. */
  boolean isDiscarding() {
    return state == State.DISCARDING;
  }

  /** Whether the client has said that it sends no more; what it sent before may be unread. */
  boolean hasInputEnded() {
    return inputEnd != null;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext now = context;
    if (now == null) {
      throw new IllegalStateException("the decoder is in no pipeline");
    }
    return now;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) throws Exception {
    this.context = context;
    super.handlerAdded(context);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    switch (state) {
      case READING -> {
        begun |= in.isReadable();
        super.decode(context, in, out);
        if (!out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent) {
          begun = false;
          state = State.HOLDING;
        }
      }
      case HOLDING -> {
        if (in.isReadable()) {
          read(context, false);
        }
      }
      case DISCARDING -> {
        discarded += in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (discarded > MAX_DISCARDED_BYTES) {
          ChannelFuture unused = context.close();
        }
      }
    }
  }

  /** The end of the input waits for its turn, behind the bytes before it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    boolean end = event instanceof ChannelInputShutdownEvent;
    if (end) {
      inputEnd = event;
    }
    if (!end || state != State.HOLDING) {
      super.userEventTriggered(context, event);
    }
  }
}
