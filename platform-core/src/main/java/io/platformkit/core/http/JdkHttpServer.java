package io.platformkit.core.http;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint on the HTTP server that is in every JDK: HTTP/1.1, a virtual thread for each
 * request, every input bounded. TLS and HTTP/2 are for the proxy in front. Safe for concurrent use.
 *
 * <pre>{@code
 * try (var server = JdkHttpServer.builder(routes).address(new InetSocketAddress("127.0.0.1", 8080)).build()) {
 *   server.start();
 *   …
 * }
 * }</pre>
 *
 * <p>Out of bounds are answered with a problem document: a body that is too large 413, a request
 * target that is too long 414, too many requests at once 503 with {@code Retry-After}. A client
 * that sends its request or reads its answer too slowly is cut off. What the endpoint throws is
 * answered as {@link HttpEndpoint#guarded} says. Requests that are no HTTP at all get a short 400
 * from the JDK's server, or the end of the connection.
 *
 * <p>With a registry it records {@code platform.core.http.requests} (timer; {@code method}, {@code
 * status} as {@code 2xx}), {@code platform.core.http.active} (gauge), {@code
 * platform.core.http.refused} (counter; {@code reason}) and {@code platform.core.http.cut}
 * (counter; {@code reason}).
 *
 * <p>The JDK reads some limits once per JVM from system properties, which only the host can set, on
 * the command line:
 *
 * <ul>
 *   <li>{@code -Djdk.httpserver.maxConnections=10000}: most open connections; unlimited by default.
 *       Set it wherever clients are not trusted.
 *   <li>{@code -Dsun.net.httpserver.nodelay=true}: sets {@code TCP_NODELAY}. Without it the end of
 *       an answer over 8 KiB waits for the client's acknowledgement of its beginning, some 40 ms on
 *       most systems; starting without it logs a warning.
 *   <li>{@code -Dsun.net.httpserver.idleInterval=30} and {@code maxIdleConnections=200}: how many
 *       seconds, and how many, idle connections are kept. Make the interval longer than the
 *       proxy's.
 *   <li>{@code -Dsun.net.httpserver.maxReqHeaders=200} and {@code maxReqHeaderSize=389120}: the
 *       bounds of a request's head.
 *   <li>{@code maxReqTime} and {@code maxRspTime} of the same prefix are not needed: {@link
 *       Builder#receiveTimeout} and {@link Builder#sendTimeout} do more.
 * </ul>
 */
public final class JdkHttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JdkHttpServer.class);
  private static final String NO_DELAY = "sun.net.httpserver.nodelay";
  private static final int BACKLOG = 1024;
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final InetSocketAddress address;
  private final Duration drainTimeout;
  private final Duration sweepPeriod;
  private final Timers timers;
  private final AutoCloseable ownTimers;
  private final Turns turns;
  private final Exchanges exchanges;
  private final Lifecycle lifecycle = new Lifecycle("http server");
  private volatile @Nullable Listening listening;

  private JdkHttpServer(Builder options, RequestBounds bounds) {
    address = options.address;
    drainTimeout = options.drainTimeout;
    sweepPeriod = bounds.sweepPeriod();
    if (options.timers == null) {
      SystemTimers own = SystemTimers.create(options.errors);
      timers = own;
      ownTimers = own;
    } else {
      timers = options.timers;
      ownTimers = () -> {};
    }
    Turn.Limits limits =
        new Turn.Limits(nanos(bounds.receiveTimeout()), nanos(bounds.sendTimeout()), LINGER_NANOS);
    turns = new Turns(timers, limits, options.errors, options.platformThreads);
    exchanges = new Exchanges(options, bounds, timers, turns);
  }

  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  /** Starts with the endpoint that answers every path; {@link Routes} make one of several. */
  public static Builder builder(HttpEndpoint endpoint) {
    return new Builder(endpoint);
  }

  /**
   * Listens, once; there is no second start.
   *
   * @throws PlatformException if the address cannot be bound; the message names it
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    lifecycle.start(this::open);
    if (!Boolean.getBoolean(NO_DELAY)) {
      log.warn(
          "{} is not set: large answers are slow; start the JVM with -D{}=true",
          NO_DELAY,
          NO_DELAY);
    }
  }

  private void open() {
    HttpServer server = bind(address);
    try {
      server.createContext("/", exchanges);
      server.setExecutor(turns);
      Timers.Timer sweep = timers.every("http-watch", sweepPeriod, exchanges::sweep);
      exchanges.openMetrics();
      server.start();
      listening = new Listening(server, server.getAddress(), sweep);
    } catch (RuntimeException e) {
      server.stop(0);
      throw e;
    }
  }

  private static HttpServer bind(InetSocketAddress address) {
    try {
      return HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new PlatformException(
          "http server cannot listen on address %s, port %d: %s; free it or choose another"
              .formatted(address.getAddress().getHostAddress(), address.getPort(), e.getMessage()),
          e);
    }
  }

  /**
   * The port that it listens on: the one that was found if none was given.
   *
   * @throws IllegalStateException if it was never started
   */
  public int port() {
    return started().address().getPort();
  }

  /**
   * Where a client on this machine reaches it: {@code http://127.0.0.1:8080/}.
   *
   * @throws IllegalStateException if it was never started
   */
  public URI uri() {
    InetAddress address = started().address().getAddress();
    InetAddress reachable =
        address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    return URI.create("http://" + Origin.literal(reachable) + ":" + port() + "/");
  }

  private Listening started() {
    Listening now = listening;
    if (now == null) {
      throw new IllegalStateException("http server is not started");
    }
    return now;
  }

  /**
   * Refuses new requests with 503, waits for those that run, then interrupts them and stops; all
   * within the drain timeout. Any number of calls.
   *
   * @throws PlatformException if requests were still running when the time was up
   */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(drainTimeout)
            .then("http requests", exchanges::drain)
            .then("http listener", this::stop)
            .then("http timers", ownTimers)
            .run());
  }

  private void stop() {
    turns.stop();
    exchanges.closeMetrics();
    Listening now = listening;
    if (now != null) {
      now.server().stop(0);
      now.sweep().cancel();
    }
  }

  private record Listening(HttpServer server, InetSocketAddress address, Timers.Timer sweep) {}

  /** Collects options; for one thread. */
  public static final class Builder extends RequestBounds.Builder<Builder> {
    final HttpEndpoint endpoint;
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Duration drainTimeout = Duration.ofSeconds(10);
    @Nullable Timers timers;
    MeterRegistry registry = new CompositeMeterRegistry();
    ErrorHandler errors = ErrorHandler.logging();
    boolean platformThreads = Turns.jdkPins();

    private Builder(HttpEndpoint endpoint) {
      this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    }

    /**
     * Where to listen; port 0 takes a free one. Default: 127.0.0.1, port 0. On any other address
     * whoever reaches it may call every endpoint, unless an authenticator stands in front.
     */
    public Builder address(InetSocketAddress address) {
      this.address = Given.once(given, "address", address);
      return this;
    }

    /** Longest time that {@link #close} takes, more than zero. Default: 10 seconds. */
    public Builder drainTimeout(Duration drainTimeout) {
      this.drainTimeout = Given.once(given, "drainTimeout", drainTimeout);
      return this;
    }

    /** Waits for slow clients; not closed. Default: {@link SystemTimers} of its own. */
    public Builder timers(Timers timers) {
      this.timers = Given.once(given, "timers", timers);
      return this;
    }

    /** Where {@code platform.core.http.*} is recorded. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      this.registry = Given.once(given, "meterRegistry", registry);
      return this;
    }

    /**
     * Is told what an endpoint or the writer of a body threw. Default: {@link
     * ErrorHandler#logging()}.
     */
    public Builder errorHandler(ErrorHandler errors) {
      this.errors = Given.once(given, "errorHandler", errors);
      return this;
    }

    /** Sockets on platform threads, as JDKs need it before 24; for tests. */
    Builder platformThreads() {
      platformThreads = true;
      return this;
    }

    /**
     * Checks everything; opens and starts nothing.
     *
     * @throws IllegalArgumentException names every bad option
     */
    public JdkHttpServer build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "address", address, !address.isUnresolved(), "resolved");
      RequestBounds bounds = bounds(faults);
      Given.require(
          faults, "drainTimeout", drainTimeout, drainTimeout.isPositive(), "more than zero");
      Given.refuse(faults);
      return new JdkHttpServer(this, bounds);
    }
  }
}
