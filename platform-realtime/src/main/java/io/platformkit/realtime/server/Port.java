package io.platformkit.realtime.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.platformkit.core.PlatformException;
import io.platformkit.realtime.http.EventLoops;
import io.platformkit.realtime.http.HttpConnections;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a server listens, and the event loops of its connections. */
final class Port implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 << 10, 64 << 10);

  private final InetSocketAddress address;
  private final Optional<SslContext> tls;
  private final HttpConnections http;
  private volatile @Nullable EventLoops loops;
  private volatile @Nullable Channel listener;

  Port(InetSocketAddress address, Optional<SslContext> tls, HttpConnections http) {
    this.address = address;
    this.tls = tls;
    this.http = http;
  }

  /**
   * Listens.
   *
   * @throws PlatformException if it can't
   */
  void open() {
    EventLoops made = EventLoops.best("platform-realtime");
    loops = made;
    ChannelFuture bound =
        made.bootstrap()
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Pipeline())
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new PlatformException("can't listen on " + address, bound.cause());
    }
    listener = bound.channel();
  }

  /** What each connection begins with. */
  private final class Pipeline extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      tls.ifPresent(context -> channel.pipeline().addLast(context.newHandler(channel.alloc())));
      http.addTo(channel.pipeline());
    }
  }

  /** Where clients reach it; empty before it listens. */
  Optional<URI> uri() {
    return Optional.ofNullable(listener).map(open -> uri((InetSocketAddress) open.localAddress()));
  }

  private URI uri(InetSocketAddress local) {
    String scheme = tls.isPresent() ? "https" : "http";
    String host = local.getAddress().isAnyLocalAddress() ? "127.0.0.1" : local.getHostString();
    return URI.create("%s://%s:%d".formatted(scheme, host, local.getPort()));
  }

  /** Takes no new connection. */
  void stopListening() {
    Channel open = listener;
    if (open != null) {
      open.close().awaitUninterruptibly();
    }
  }

  /** Ends all connections. */
  @Override
  public void close() {
    EventLoops made = loops;
    if (made != null) {
      made.close();
    }
  }
}
