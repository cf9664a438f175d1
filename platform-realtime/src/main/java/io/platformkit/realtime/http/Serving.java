package io.platformkit.realtime.http;

import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.HttpMetrics;
import io.platformkit.core.http.Reception;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** What all connections of a server share. Safe for concurrent use. */
final class Serving {
  /** How long a request waits for a slot, so that a burst of short ones is not refused. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private final HttpOptions options;
  private final HttpEndpoint endpoint;
  private final List<Takeover> takeovers;
  private final Timers timers;
  private final ErrorHandler errors;
  private final Reception reception;
  private final Dates dates;
  private final Slots slots;
  private final HttpMetrics metrics;
  private final ThreadFactory threads;
  private final Limits limits;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;
  private volatile boolean closed;

  Serving(HttpConnections.Builder from, Timers timers) {
    options = from.options;
    errors = from.errors;
    endpoint = from.endpoint.guarded(errors);
    takeovers = List.copyOf(from.takeovers);
    this.timers = timers;
    reception =
        Reception.of(options.requests().maxTargetLength(), options.requests().trustedProxies());
    dates = new Dates(from.clock);
    slots = new Slots(options.requests().maxConcurrentRequests());
    metrics = HttpMetrics.of(from.registry, "platform.realtime.http.", slots::taken);
    limits = Limits.of(options);
    threads =
        Thread.ofVirtual()
            .name("platform-realtime-http-", 0)
            .uncaughtExceptionHandler((thread, e) -> errors.handle(thread.getName(), e))
            .factory();
  }

  HttpOptions options() {
    return options;
  }

  HttpEndpoint endpoint() {
    return endpoint;
  }

  ErrorHandler errors() {
    return errors;
  }

  Reception reception() {
    return reception;
  }

  Dates dates() {
    return dates;
  }

  Slots slots() {
    return slots;
  }

  HttpMetrics metrics() {
    return metrics;
  }

  ThreadFactory threads() {
    return threads;
  }

  Set<HttpConnection> connections() {
    return connections;
  }

  long nanoTime() {
    return timers.nanoTime();
  }

  /** Runs something when a request has waited long enough for its slot. */
  void afterGrace(Runnable task) {
    Timers.Timer unused = timers.after("http-grace", GRACE, task);
  }

  boolean isStopping() {
    return stopping;
  }

  void stop() {
    stopping = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends every connection, and each that comes later. */
  void close() {
    stopping = true;
    closed = true;
    connections.forEach(HttpConnection::abort);
    metrics.close();
  }

  Optional<Takeover> takeover(HttpRequest head) {
    for (Takeover takeover : takeovers) {
      if (takeover.wants(head)) {
        return Optional.of(takeover);
      }
    }
    return Optional.empty();
  }

  /** One round of the watch: cuts off who is too slow. */
  void sweep() {
    long now = nanoTime();
    connections.forEach(connection -> connection.sweep(now, limits));
  }

  /** How long a connection may stay in each phase. */
  record Limits(long receiveNanos, long sendNanos, long idleNanos) {
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static Limits of(HttpOptions options) {
      return new Limits(
          options.requests().receiveTimeout().toNanos(),
          options.requests().sendTimeout().toNanos(),
          options.idleTimeout().toNanos());
    }

    long nanos(Phase phase) {
      return switch (phase) {
        case OPENED, RECEIVING -> receiveNanos;
        case SENDING -> sendNanos;
        case IDLE -> idleNanos;
        case LINGERING -> LINGER_NANOS;
        case WAITING, ANSWERING, OVER -> Long.MAX_VALUE;
      };
    }
  }
}
