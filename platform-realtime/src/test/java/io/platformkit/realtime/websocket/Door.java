package io.platformkit.realtime.websocket;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpRequest;
import java.util.function.Function;

/** Answers the one handshake of a channel. */
final class Door extends SimpleChannelInboundHandler<HttpRequest> {
  private final WebSocketOptions options;
  private final Function<WebSocketConnection, WebSocketListener> listeners;

  Door(WebSocketOptions options, Function<WebSocketConnection, WebSocketListener> listeners) {
    this.options = options;
    this.listeners = listeners;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpRequest request) {
    switch (WebSocketHandshake.answer(request, options)) {
      case AcceptedHandshake accepted -> {
        WebSocketConnection unused = accepted.upgrade(context, listeners);
      }
      case RefusedHandshake refused -> {
        ChannelFuture unused =
            context.writeAndFlush(refused.response()).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
