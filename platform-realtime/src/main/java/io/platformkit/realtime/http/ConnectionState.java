package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a connection does, since when, and for which request. For its event loop, but for {@link
 * #phase}, {@link #isLate} and {@link #execute}.
 */
final class ConnectionState {
  private static final Logger log = LoggerFactory.getLogger(ConnectionState.class);

  private final Serving serving;
  private volatile Phase phase = Phase.OPENED;
  private volatile long since;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Exchange current;

  ConnectionState(Serving serving) {
    this.serving = serving;
    since = serving.nanoTime();
  }

  Phase phase() {
    return phase;
  }

  boolean is(Phase asked) {
    return phase == asked;
  }

  void enter(Phase next) {
    since = serving.nanoTime();
    phase = next;
  }

  /** When it entered its phase. */
  long since() {
    return since;
  }

  /** Whether it has been in its phase for too long. */
  boolean isLate(long now, Serving.Limits limits) {
    return now - since > limits.nanos(phase);
  }

  void attach(ChannelHandlerContext context) {
    this.context = context;
  }

  ChannelHandlerContext context() {
    ChannelHandlerContext attached = context;
    if (attached == null) {
      throw new IllegalStateException("the connection is in no pipeline");
    }
    return attached;
  }

  Channel channel() {
    return context().channel();
  }

  /** Runs something on the event loop. */
  void execute(Runnable task) {
    try {
      context().executor().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the event loop has ended before its connections", e);
    }
  }

  /** A request's head has come. */
  Exchange begin(Exchange exchange) {
    current = exchange;
    return exchange;
  }

  Optional<Exchange> current() {
    return Optional.ofNullable(current);
  }

  /** The request in hand. */
  Exchange exchange() {
    return current().orElseThrow();
  }

  /** Nothing more will be done for a request; only the first call counts. */
  void end(Exchange exchange) {
    if (exchange.equals(current)) {
      current = null;
      exchange.end();
    }
  }

  /** The request in hand is somebody else's from now on. */
  void handOver() {
    current = null;
    phase = Phase.OVER;
  }
}
