package io.platformkit.realtime.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.http.HttpOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link RealtimeServer}; for one thread. */
public final class RealtimeServerBuilder extends LimitOptions<RealtimeServerBuilder> {
  static final int KEY_BYTES = 32;

  final Map<String, TopicOptions> topics = new LinkedHashMap<>();
  final Map<String, Function<RealtimeServer, HttpEndpoint>> mounted = new LinkedHashMap<>();
  final Map<String, EventStream> streams = new LinkedHashMap<>();
  final Set<String> origins = new HashSet<>();
  @Nullable InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  String webSocketPath = "/ws";
  String eventsPath = "/sse";
  byte @Nullable [] signingKey;
  boolean originRequired;
  Duration drainWindow = Duration.ZERO;
  Duration drainTimeout = Duration.ofSeconds(10);
  HttpOptions httpOptions = HttpOptions.defaults();
  InstantSource clock = InstantSource.system();
  MeterRegistry registry = new CompositeMeterRegistry();
  ErrorHandler errors = ErrorHandler.logging();
  Tokens tokens = new Tokens(request -> Optional.empty());
  @Nullable SslContext tls;
  @Nullable Authenticator authenticator;
  @Nullable KeyValueStore revocations;
  @Nullable EventLog log;
  @Nullable MessageBus bus;
  @Nullable Timers timers;

  RealtimeServerBuilder() {}

  /** Listens on a port of this machine's own address; 0 is a free one. Default: 0. */
  public RealtimeServerBuilder port(int port) {
    return address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Listens there. Default: a free port of 127.0.0.1. */
  public RealtimeServerBuilder address(InetSocketAddress address) {
    this.address = Given.once(given, "address", address);
    return this;
  }

  /**
   * Does not listen: the host adds it to connections of its own, with {@link RealtimeServer#addTo}.
   */
  public RealtimeServerBuilder withoutPort() {
    Given.once(given, "address");
    this.address = null;
    return this;
  }

  /** Speaks TLS. Default: it does not; that is for the proxy in front. */
  public RealtimeServerBuilder tls(SslContext tls) {
    this.tls = Given.once(given, "tls", tls);
    return this;
  }

  /** Asks clients who they are. Default: nobody is asked. */
  public RealtimeServerBuilder authenticator(Authenticator authenticator) {
    this.authenticator = Given.once(given, "authenticator", authenticator);
    return this;
  }

  /**
   * Where else in a request credentials are, for the authenticator: in a cookie, say, that pages of
   * the server's own origin send by themselves. {@code Authorization}, {@code X-API-Key} and {@code
   * ?token=} go before. Default: nowhere.
   *
   * @param finder called on event loops: it must not block
   */
  public RealtimeServerBuilder credentials(Function<Request, Optional<Credentials>> finder) {
    Given.once(given, "credentials");
    this.tokens = new Tokens(Objects.requireNonNull(finder, "finder"));
    return this;
  }

  /**
   * Keeps whose credentials were taken back, under their ids: a namespace of its own. Default: none
   * can be.
   */
  public RealtimeServerBuilder revocations(KeyValueStore store) {
    this.revocations = Given.once(given, "revocations", store);
    return this;
  }

  /** Keeps the histories; the host closes it. Default: one in memory. */
  public RealtimeServerBuilder log(EventLog log) {
    this.log = Given.once(given, "log", log);
    return this;
  }

  /** Carries messages between nodes; the host closes it. Default: one in memory. */
  public RealtimeServerBuilder bus(MessageBus bus) {
    this.bus = Given.once(given, "bus", bus);
    return this;
  }

  /**
   * How some topics behave; others have all defaults.
   *
   * @param pattern a name, or a beginning that ends in an asterisk: {@code "orders/*"}; rooms are
   *     topics that begin with {@code room/}
   */
  public RealtimeServerBuilder topic(String pattern, TopicOptions options) {
    Given.once(given, "topic '" + pattern + "'");
    topics.put(pattern, Objects.requireNonNull(options, "options"));
    return this;
  }

  /** Answers HTTP below a path, which begins with a slash. */
  public RealtimeServerBuilder mount(String path, HttpEndpoint endpoint) {
    Given.once(given, "mount '" + path + "'");
    Objects.requireNonNull(endpoint, "endpoint");
    mounted.put(path, server -> endpoint);
    return this;
  }

  /**
   * As {@link #mount}, of an endpoint that uses the server.
   *
   * @param endpoint made once, when the server is built
   */
  public RealtimeServerBuilder mountWith(
      String path, Function<RealtimeServer, HttpEndpoint> endpoint) {
    Given.once(given, "mount '" + path + "'");
    mounted.put(path, Objects.requireNonNull(endpoint, "endpoint"));
    return this;
  }

  /** Where WebSockets connect. Default: {@code /ws}. */
  public RealtimeServerBuilder webSocketPath(String path) {
    this.webSocketPath = Given.once(given, "webSocketPath", path);
    return this;
  }

  /**
   * Where streams of server-sent events are opened, and, below it, where their clients post.
   * Default: {@code /sse}.
   */
  public RealtimeServerBuilder eventsPath(String path) {
    this.eventsPath = Given.once(given, "eventsPath", path);
    return this;
  }

  /**
   * A stream of server-sent events of the host's own.
   *
   * @param path segments and variables: {@code "/notifications/{user_id}"}
   */
  public RealtimeServerBuilder events(String path, EventStream stream) {
    Given.once(given, "events '" + path + "'");
    streams.put(path, Objects.requireNonNull(stream, "stream"));
    return this;
  }

  /**
   * Signs the ids of server-sent events; the same on all nodes, at least 32 bytes. Needed with a
   * log of the host's; without one, the default is a random key.
   */
  public RealtimeServerBuilder signingKey(byte[] key) {
    Given.once(given, "signingKey");
    this.signingKey = key.clone();
    return this;
  }

  /**
   * Lets pages of another origin connect, exactly as browsers write it: {@code
   * https://example.org}. Default: those of the server's own origin alone.
   */
  public RealtimeServerBuilder allowOrigin(String origin) {
    Given.once(given, "origin '" + origin + "'");
    origins.add(Objects.requireNonNull(origin, "origin"));
    return this;
  }

  /** Refuses clients that name no origin, which browsers always do. Default: they are let in. */
  public RealtimeServerBuilder requireOrigin() {
    Given.once(given, "requireOrigin");
    originRequired = true;
    return this;
  }

  /** Over which clients are sent away when the server closes. Default: zero, all at once. */
  public RealtimeServerBuilder drainWindow(Duration window) {
    this.drainWindow = Given.once(given, "drainWindow", window);
    return this;
  }

  /**
   * Longest time that {@link RealtimeServer#close} takes beside the drain window. Default: 10
   * seconds.
   */
  public RealtimeServerBuilder drainTimeout(Duration timeout) {
    this.drainTimeout = Given.once(given, "drainTimeout", timeout);
    return this;
  }

  /** The bounds of HTTP, and the proxies in front. Default: all defaults. */
  public RealtimeServerBuilder http(HttpOptions options) {
    this.httpOptions = Given.once(given, "http", options);
    return this;
  }

  /** What time it is. Default: the system's clock. */
  public RealtimeServerBuilder clock(InstantSource clock) {
    this.clock = Given.once(given, "clock", clock);
    return this;
  }

  /** What waits; the host closes it. Default: timers of the server's own. */
  public RealtimeServerBuilder timers(Timers timers) {
    this.timers = Given.once(given, "timers", timers);
    return this;
  }

  /** Where {@code platform.realtime.*} is recorded. Default: nowhere. */
  public RealtimeServerBuilder meterRegistry(MeterRegistry registry) {
    this.registry = Given.once(given, "meterRegistry", registry);
    return this;
  }

  /** Is told what handlers, endpoints and listeners threw. Default: it is logged. */
  public RealtimeServerBuilder errorHandler(ErrorHandler errors) {
    this.errors = Given.once(given, "errorHandler", errors);
    return this;
  }

  /**
   * Checks everything, and starts nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   */
  public RealtimeServer build() {
    Given.refuse(faults());
    return new Assembly(this).server();
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    limits().check(faults);
    Given.requireSpan(faults, "drainWindow", drainWindow, Duration.ZERO, Limits.LONGEST);
    Given.requireSpan(faults, "drainTimeout", drainTimeout, Limits.SHORTEST, Limits.LONGEST);
    requirePath(faults, "webSocketPath", webSocketPath);
    requirePath(faults, "eventsPath", eventsPath);
    int bytes = signingKey == null ? KEY_BYTES : signingKey.length;
    Given.require(faults, "signingKey", bytes + " bytes", bytes >= KEY_BYTES, "at least 32 bytes");
    if (log != null && signingKey == null) {
      faults.add("signingKey was not given but it must be, with a log that outlives the server");
    }
    return faults;
  }

  private static void requirePath(List<String> faults, String property, String path) {
    boolean right = path.matches("(/[A-Za-z0-9._~-]+)+");
    Given.require(faults, property, path, right, "segments, like '/ws'");
  }
}
