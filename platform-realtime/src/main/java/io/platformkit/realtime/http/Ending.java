package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLException;

/** How a connection ends: politely, or in the middle of a request. For its event loop. */
final class Ending {
  private final Serving serving;
  private final ConnectionState state;
  private final RequestDecoder decoder;
  private final Runnable onSlot;

  /**
   * Ends nothing yet.
   *
   * @param onSlot what waits for a slot while the connection does
   */
  Ending(Serving serving, ConnectionState state, RequestDecoder decoder, Runnable onSlot) {
    this.serving = serving;
    this.state = state;
    this.decoder = decoder;
    this.onSlot = onSlot;
  }

  /**
   * Says that nothing more will come, and waits for the client to say the same: closing a socket
   * with unread bytes resets it, and the client might never see the answer.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>
   */
  void linger() {
    Channel channel = state.channel();
    if (decoder.hasInputEnded() || !(channel instanceof DuplexChannel duplex)) {
      close();
      return;
    }
    state.enter(Phase.LINGERING);
    decoder.discard();
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    ChannelFuture unused = tls == null ? duplex.shutdownOutput() : tls.closeOutbound();
  }

  /** Ends the connection in the middle of a request, and says why. */
  void cut(String reason) {
    if (!state.is(Phase.OVER)) {
      serving.metrics().cut(reason);
      close();
    }
  }

  /** Ends the connection at once; an answer in the making is ended by whoever makes it. */
  void close() {
    if (state.is(Phase.WAITING)) {
      serving.slots().giveUp(onSlot);
    }
    state.enter(Phase.OVER);
    ChannelFuture unused = state.channel().close();
    state
        .current()
        .ifPresent(exchange -> {
          exchange.window().close();
          if (!exchange.isRunning()) {
            state.end(exchange);
          }
        });
  }

  /** The client went away. */
  void leave() {
    if (state.phase().isInRequest()) {
      cut("client-gone");
    } else if (!state.is(Phase.OVER)) {
      close();
    }
  }

  /** The client sends nothing more; whether it still reads will be seen. */
  void inputEnded() {
    if (state.is(Phase.RECEIVING)) {
      cut("client-gone");
    } else if (!state.is(Phase.SENDING)) {
      close();
    }
  }

  /** Something was thrown on the way in. */
  void fail(Throwable cause) {
    if (cause instanceof IOException) {
      leave();
    } else if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      cut("tls");
    } else {
      serving.errors().handle("http connection", cause);
      close();
    }
  }

  /** Its phase took too long. */
  void late() {
    switch (state.phase()) {
      case RECEIVING -> cut("slow-sender");
      case SENDING -> cut("slow-reader");
      default -> close();
    }
  }
}
