package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link HttpConnections} behind a port of 127.0.0.1. */
final class NettyHttpServer implements AutoCloseable {
  private final EventLoops loops;
  private final HttpConnections http;
  private final Channel listener;
  private final String scheme;

  private NettyHttpServer(EventLoops loops, HttpConnections http, Channel listener, String scheme) {
    this.loops = loops;
    this.http = http;
    this.listener = listener;
    this.scheme = scheme;
  }

  static NettyHttpServer start(Transport transport, HttpConnections.Builder http) throws Exception {
    return start(transport, http, null);
  }

  static NettyHttpServer start(
      Transport transport, HttpConnections.Builder options, @Nullable SslContext tls)
      throws Exception {
    EventLoops loops = EventLoops.of(transport, "test", 2);
    HttpConnections http = options.build();
    http.start();
    Channel listener =
        loops
            .bootstrap()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    http.addTo(channel.pipeline());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .sync()
            .channel();
    return new NettyHttpServer(loops, http, listener, tls == null ? "http" : "https");
  }

  URI uri() {
    var address = (InetSocketAddress) listener.localAddress();
    return URI.create("%s://127.0.0.1:%d/".formatted(scheme, address.getPort()));
  }

  /** What every open connection that speaks HTTP does. */
  List<Phase> phases() {
    return http.serving().connections().stream().map(HttpConnection::phase).toList();
  }

  HttpConnections http() {
    return http;
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    http.close();
    loops.close();
  }
}
