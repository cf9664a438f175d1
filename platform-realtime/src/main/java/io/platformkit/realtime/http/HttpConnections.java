package io.platformkit.realtime.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.channel.ChannelPipeline;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.http.HttpEndpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint on the connections of a Netty server: HTTP/1.1, a virtual thread for each request,
 * every input bounded, requests of one connection in their order. Safe for concurrent use.
 *
 * <pre>{@code
 * var http = HttpConnections.builder(routes).takeover(webSockets).build();
 * http.start();
 * bootstrap.childHandler(new ChannelInitializer<>() {
 *   protected void initChannel(Channel channel) { http.addTo(channel.pipeline()); }
 * });
 * }</pre>
 *
 * <p>Answered with a problem document, on a connection that is then closed: a body that is too
 * large 413, a target that is too long 414, headers that are 431, what is malformed 400, an unknown
 * transfer coding 501, expectation 417, version 505, too many requests at once 503 with {@code
 * Retry-After}. Whatever two servers could understand differently is refused: two lengths, a length
 * beside chunks, lines that end in a bare LF, more or less than one Host. A client that sends its
 * request or takes its answer too slowly is cut off; what the endpoint throws is answered as {@link
 * HttpEndpoint#guarded} says. Every answer has a {@code Date}.
 *
 * <p>An answer of unknown length goes in chunks, or to HTTP/1.0 until the connection ends; at most
 * 64 KiB of it wait for the client, then its writer does. One that breaks off ends the connection,
 * so that the client sees it.
 *
 * <p>With a registry it records {@code platform.realtime.http.requests} (timer; {@code method},
 * {@code status} as {@code 2xx}), {@code .active} (gauge), {@code .refused} (counter; {@code
 * reason}: {@code body-too-large}, {@code target-too-long}, {@code head-too-large}, {@code
 * overload}, {@code malformed}) and {@code .cut} (counter; {@code reason}: {@code slow-sender},
 * {@code slow-reader}, {@code client-gone}, {@code broken-body}, {@code tls}).
 */
public final class HttpConnections implements AutoCloseable {

  private final Serving serving;
  private final Timers timers;
  private final Runnable closeTimers;
  private final Duration sweepPeriod;
  private final Lifecycle lifecycle = new Lifecycle("http connections");
  private Timers.@Nullable Timer sweep;

  private HttpConnections(Builder from) {
    if (from.timers == null) {
      SystemTimers own = SystemTimers.create(from.errors);
      timers = own;
      closeTimers = own::close;
    } else {
      timers = from.timers;
      closeTimers = () -> {};
    }
    serving = new Serving(from, timers);
    sweepPeriod = from.options.requests().sweepPeriod();
  }

  /** Starts with the endpoint that answers whatever no takeover wants. */
  public static Builder builder(HttpEndpoint endpoint) {
    return new Builder(endpoint);
  }

  /**
   * Begins to watch for slow clients, once; before the first connection.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    lifecycle.start(() -> {
      sweep = timers.every("http-watch", sweepPeriod, serving::sweep);
      serving.metrics().open();
    });
  }

  /**
   * Adds HTTP to the end of a new connection's pipeline, behind TLS if there is any. It answers
   * until a takeover keeps the connection.
   */
  public void addTo(ChannelPipeline pipeline) {
    HttpCodec codec = new HttpCodec(serving.options());
    pipeline.addLast(codec, new HttpConnection(serving, codec.requests()));
  }

  /**
   * Refuses every further request and takeover with 503, and waits until those are answered that
   * run.
   *
   * @throws InterruptedException if the caller is interrupted; nothing is cut
   */
  public void drain() throws InterruptedException {
    serving.stop();
    serving.slots().awaitAllFree();
  }

  /**
   * Ends every connection that speaks HTTP and interrupts whoever works for it; connections that
   * were taken over are not touched. Any number of calls.
   */
  @Override
  public void close() {
    lifecycle.close(() -> {
      if (sweep != null) {
        sweep.cancel();
      }
      serving.close();
      closeTimers.run();
    });
  }

  /** What all connections share. */
  Serving serving() {
    return serving;
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    final HttpEndpoint endpoint;
    final List<Takeover> takeovers = new ArrayList<>();
    private final Set<String> given = new HashSet<>();
    HttpOptions options = HttpOptions.defaults();
    @Nullable Timers timers;
    InstantSource clock = InstantSource.system();
    MeterRegistry registry = new CompositeMeterRegistry();
    ErrorHandler errors = ErrorHandler.logging();

    private Builder(HttpEndpoint endpoint) {
      this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    }

    /** One more that may keep a connection; the first that wants it gets it. Default: none. */
    public Builder takeover(Takeover takeover) {
      takeovers.add(Objects.requireNonNull(takeover, "takeover"));
      return this;
    }

    /** The bounds. Default: {@link HttpOptions#defaults()}. */
    public Builder options(HttpOptions options) {
      this.options = Given.once(given, "options", options);
      return this;
    }

    /** Waits for slow clients; not closed. Default: {@link SystemTimers} of its own. */
    public Builder timers(Timers timers) {
      this.timers = Given.once(given, "timers", timers);
      return this;
    }

    /** Where the {@code Date} of an answer is from. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      this.clock = Given.once(given, "clock", clock);
      return this;
    }

    /** Where {@code platform.realtime.http.*} is recorded. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      this.registry = Given.once(given, "meterRegistry", registry);
      return this;
    }

    /**
     * Is told what an endpoint, a takeover or the writer of a body threw. Default: {@link
     * ErrorHandler#logging()}.
     */
    public Builder errorHandler(ErrorHandler errors) {
      this.errors = Given.once(given, "errorHandler", errors);
      return this;
    }

    /** Starts nothing. */
    public HttpConnections build() {
      return new HttpConnections(this);
    }
  }
}
