package io.platformkit.realtime.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a server's sockets: one that accepts, and those that read and write, all daemons.
 * Safe for concurrent use.
 */
public final class EventLoops implements AutoCloseable {
  private static final long DRAIN_MILLIS = 2_000;

  private final Transport transport;
  private final EventLoopGroup accepting;
  private final EventLoopGroup working;

  private EventLoops(Transport transport, EventLoopGroup accepting, EventLoopGroup working) {
    this.transport = transport;
    this.accepting = accepting;
    this.working = working;
  }

  /**
   * Makes loops; a thread starts with its first connection.
   *
   * @param name what thread names begin with: {@code "platform-realtime"}
   * @param count of the loops that read and write, at least 1
   * @throws IllegalArgumentException if there are none, or the transport is not available
   */
  public static EventLoops of(Transport transport, String name, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "count was '%d' but it must be at least 1".formatted(count));
    }
    if (!transport.isAvailable()) {
      throw new IllegalArgumentException(
          "transport was '%s' but its classes, its library or its system are missing; take another"
              .formatted(transport));
    }
    return new EventLoops(
        transport, group(transport, name + "-accept", 1), group(transport, name + "-loop", count));
  }

  /** The best transport, and as many loops as there are processors. */
  public static EventLoops best(String name) {
    return of(Transport.best(), name, Runtime.getRuntime().availableProcessors());
  }

  private static EventLoopGroup group(Transport transport, String name, int count) {
    return new MultiThreadIoEventLoopGroup(
        count, new DefaultThreadFactory(name, true), transport.handlers());
  }

  /** Which transport it is. */
  public Transport transport() {
    return transport;
  }

  /** The loops that read and write. */
  public EventLoopGroup working() {
    return working;
  }

  /** A bootstrap of a server on these loops; handlers and options are the caller's. */
  public ServerBootstrap bootstrap() {
    return new ServerBootstrap().group(accepting, working).channel(transport.serverChannel());
  }

  /**
   * Closes every channel and ends the threads: those that accept, then the others. Waits for them,
   * two seconds each at most; not to be called on one of them.
   */
  @Override
  public void close() {
    end(accepting);
    end(working);
  }

  private static void end(EventLoopGroup group) {
    group
        .shutdownGracefully(0, DRAIN_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(DRAIN_MILLIS, TimeUnit.MILLISECONDS);
  }
}
