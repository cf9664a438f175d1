package io.platformkit.benchmarks.realtime;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Subscribers of one server, on one loop, from several addresses. For one thread. */
final class Load implements AutoCloseable {
  private static final int AT_ONCE = 100;
  private static final int PER_ADDRESS = 500;
  private static final int PATIENCE_SECONDS = 30;

  private final ServerProcess server;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final Window window;

  private Load(ServerProcess server, int count) {
    this.server = server;
    this.window = new Window(count, server::publish);
  }

  /**
   * Connects.
   *
   * @param keeps whether subscribers keep what they get
   */
  static Load of(ServerProcess server, Dialect dialect, int count, boolean keeps)
      throws InterruptedException {
    Load load = new Load(server, count);
    try {
      while (load.subscribers.size() < count) {
        load.connect(dialect, Math.min(AT_ONCE, count - load.subscribers.size()), keeps);
      }
      return load;
    } catch (Throwable failure) {
      load.close();
      throw failure;
    }
  }

  private void connect(Dialect dialect, int count, boolean keeps) throws InterruptedException {
    List<Subscriber> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Subscriber subscriber = new Subscriber(dialect, window, keeps);
      added.add(subscriber);
      int address = 2 + (subscribers.size() + i) / PER_ADDRESS;
      ChannelFuture unused =
          new Bootstrap()
              .group(group)
              .channel(EpollSocketChannel.class)
              .handler(with(subscriber))
              .connect(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                  from(address));
    }
    for (Subscriber subscriber : added) {
      await(subscriber.ready());
    }
    subscribers.addAll(added);
  }

  /** One of the addresses of this machine. */
  private static InetSocketAddress from(int last) {
    try {
      byte[] address = {127, 0, 0, (byte) last};
      return new InetSocketAddress(InetAddress.getByAddress(address), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static ChannelInitializer<Channel> with(Subscriber subscriber) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(subscriber);
      }
    };
  }

  /**
   * What one round cost the server.
   *
   * @param deliveries messages times subscribers
   * @param cpu of the server's process, by the user's and the system's part
   */
  record Round(long deliveries, ServerProcess.Cpu cpu) {
    double microsPerDelivery() {
      return (double) (cpu.userMicros() + cpu.systemMicros()) / deliveries;
    }

    double userMicrosPerDelivery() {
      return (double) cpu.userMicros() / deliveries;
    }
  }

  /** Publishes for so long, so many messages at once on their way, and waits until all came. */
  Round run(int size, double seconds) throws InterruptedException {
    ServerProcess.Cpu before = server.cpu();
    long delivered = deliver(size, seconds);
    return new Round(delivered, server.cpu().minus(before));
  }

  private long deliver(int size, double seconds) throws InterruptedException {
    long begin = await(closed());
    loop.execute(() -> window.open(size));
    TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
    return (await(closed()) - begin) * subscribers.size();
  }

  private CompletableFuture<Long> closed() {
    return CompletableFuture.completedFuture(window).thenComposeAsync(each -> each.close(), loop);
  }

  /** What each subscriber got, if they keep that; after a round. */
  List<String> seen() throws InterruptedException {
    return await(
        CompletableFuture.supplyAsync(
            () -> subscribers.stream().map(Subscriber::seen).toList(), loop));
  }

  private static <T> T await(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the load failed", e);
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
