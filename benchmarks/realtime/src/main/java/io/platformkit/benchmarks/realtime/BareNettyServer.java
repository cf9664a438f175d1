package io.platformkit.benchmarks.realtime;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.platformkit.realtime.http.EventLoops;
import io.platformkit.realtime.http.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process with what Netty alone can do: one frame encoded once for ever, a list of channels a
 * loop, and one write a channel for all messages that wait. No topics, offsets, bounds or history.
 */
final class BareNettyServer {
  private static final byte[] FRAME = frame();

  private BareNettyServer() {}

  private static byte[] frame() {
    byte[] text = Orders.TEXT.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.buffer().writeByte(0x81).writeByte(text.length).writeBytes(text).copy().array();
  }

  /** Serves. */
  public static void main(String[] args) throws IOException {
    Map<EventLoop, Members> lanes = new ConcurrentHashMap<>();
    try (EventLoops loops = EventLoops.of(Transport.best(), "bare", 2)) {
      ServerBootstrap bootstrap = loops.bootstrap().childHandler(pipeline(lanes));
      Channel listener =
          bootstrap
              .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .syncUninterruptibly()
              .channel();
      Orders.follow(
          ((InetSocketAddress) listener.localAddress()).getPort(),
          () -> lanes.values().forEach(Members::publish));
    }
  }

  private static ChannelInitializer<SocketChannel> pipeline(Map<EventLoop, Members> lanes) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel
            .pipeline()
            .addLast(
                new HttpServerCodec(),
                new HttpObjectAggregator(8192),
                new WebSocketServerProtocolHandler("/ws"),
                new Joining(lanes.computeIfAbsent(channel.eventLoop(), Members::new)));
      }
    };
  }

  /** Counts a channel in when it speaks WebSocket. */
  private static final class Joining extends ChannelInboundHandlerAdapter {
    private final Members members;

    Joining(Members members) {
      this.members = members;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
        members.channels.add(context.channel());
      }
      context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      members.channels.remove(context.channel());
      context.fireChannelInactive();
    }
  }

  /** The channels of one loop, and how many messages wait for them. */
  private static final class Members {
    private final EventLoop loop;
    private final List<Channel> channels = new ArrayList<>(); // the loop's
    private final AtomicInteger waiting = new AtomicInteger();

    Members(EventLoop loop) {
      this.loop = loop;
    }

    void publish() {
      if (waiting.getAndIncrement() == 0) {
        loop.execute(this::deliver);
      }
    }

    private void deliver() {
      int count = waiting.getAndSet(0);
      if (channels.isEmpty()) {
        return;
      }
      ByteBuf frames = channels.getFirst().alloc().directBuffer(count * FRAME.length);
      for (int i = 0; i < count; i++) {
        frames.writeBytes(FRAME);
      }
      for (Channel channel : channels) {
        ChannelFuture unused =
            channel.writeAndFlush(frames.retainedDuplicate(), channel.voidPromise());
      }
      frames.release();
    }
  }
}
