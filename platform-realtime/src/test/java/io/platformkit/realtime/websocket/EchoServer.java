package io.platformkit.realtime.websocket;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A server on a real port that answers handshakes and gives each connection a listener. */
final class EchoServer implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Channel listening;

  private EchoServer(EventLoopGroup loops, Channel listening) {
    this.loops = loops;
    this.listening = listening;
  }

  static EchoServer start(WebSocketOptions options) {
    return start(options, 0, Optional.empty(), Echo::new);
  }

  static EchoServer start(
      WebSocketOptions options, Function<WebSocketConnection, WebSocketListener> listeners) {
    return start(options, 0, Optional.empty(), listeners);
  }

  static EchoServer start(
      WebSocketOptions options,
      int port,
      Optional<SslContext> tls,
      Function<WebSocketConnection, WebSocketListener> listeners) {
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            2, new DefaultThreadFactory("echo", true), NioIoHandler.newFactory());
    ServerBootstrap server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    tls.ifPresent(
                        each -> channel.pipeline().addLast(each.newHandler(channel.alloc())));
                    channel.pipeline().addLast(new HttpServerCodec(), new Door(options, listeners));
                  }
                });
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new EchoServer(loops, server.bind(address).syncUninterruptibly().channel());
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + port() + "/");
  }

  @Override
  public void close() {
    Future<?> unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
