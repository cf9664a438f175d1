package io.platformkit.realtime.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.netty.handler.ssl.SslContext;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Json;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Routes;
import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.http.HttpConnections;
import io.platformkit.realtime.http.HttpOptions;
import io.platformkit.realtime.topics.TopicRules;
import io.platformkit.realtime.topics.Topics;
import io.platformkit.realtime.websocket.WebSocketOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Collects the options of a {@link RealtimeServer}; for one thread. */
public final class RealtimeServerBuilder {
  private static final int KEY_BYTES = 32;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Set<String> given = new HashSet<>();
  private final Map<String, TopicOptions> topics = new LinkedHashMap<>();
  private final Map<String, Function<RealtimeServer, HttpEndpoint>> mounted = new LinkedHashMap<>();
  private final Map<String, EventStream> streams = new LinkedHashMap<>();
  private final Set<String> origins = new HashSet<>();
  private @Nullable InetSocketAddress address =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private String webSocketPath = "/ws";
  private String eventsPath = "/sse";
  private byte @Nullable [] signingKey;
  private boolean originRequired;
  private int connectionsPerAddress = 1000;
  private int maxMessageBytes = 60 << 10;
  private int maxPendingBytes = 1 << 20;
  private int maxTopics = 128;
  private int messagesPerSecond = 100;
  private Duration authTimeout = Duration.ofSeconds(10);
  private Duration pingInterval = Duration.ofSeconds(25);
  private Duration pongTimeout = Duration.ofSeconds(10);
  private Duration drainWindow = Duration.ZERO;
  private HttpOptions httpOptions = HttpOptions.defaults();
  private InstantSource clock = InstantSource.system();
  private MeterRegistry registry = new CompositeMeterRegistry();
  private ErrorHandler errors = ErrorHandler.logging();
  private Tokens tokens = new Tokens(request -> Optional.empty());
  private @Nullable SslContext tls;
  private @Nullable Authenticator authenticator;
  private @Nullable KeyValueStore revocations;
  private @Nullable EventLog log;
  private @Nullable MessageBus bus;
  private @Nullable Timers timers;

  RealtimeServerBuilder() {}

  /** Listens on a port of this machine's own address; 0 is a free one. Default: 0. */
  public RealtimeServerBuilder port(int port) {
    return address(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Listens there. Default: a free port of 127.0.0.1. */
  public RealtimeServerBuilder address(InetSocketAddress address) {
    Given.once(given, "address");
    this.address = Objects.requireNonNull(address, "address");
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
    Given.once(given, "tls");
    this.tls = Objects.requireNonNull(tls, "tls");
    return this;
  }

  /** Asks clients who they are. Default: nobody is asked. */
  public RealtimeServerBuilder authenticator(Authenticator authenticator) {
    Given.once(given, "authenticator");
    this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
    return this;
  }

  /**
   * Where else in a request credentials are, for the authenticator: in a cookie, say, that pages of
   * the server's own origin send by themselves. A token in {@code Authorization} or {@code ?token=}
   * goes before. Default: nowhere.
   *
   * @param finder called on event loops: it must not block
   */
  public RealtimeServerBuilder credentials(Function<Request, Optional<Credentials>> finder) {
    Given.once(given, "credentials");
    this.tokens = new Tokens(Objects.requireNonNull(finder, "finder"));
    return this;
  }

  /** Keeps whose credentials were taken back. Default: none can be. */
  public RealtimeServerBuilder revocations(KeyValueStore store) {
    Given.once(given, "revocations");
    this.revocations = Objects.requireNonNull(store, "store");
    return this;
  }

  /** Keeps the histories; the host closes it. Default: one in memory. */
  public RealtimeServerBuilder log(EventLog log) {
    Given.once(given, "log");
    this.log = Objects.requireNonNull(log, "log");
    return this;
  }

  /** Carries messages between nodes; the host closes it. Default: one in memory. */
  public RealtimeServerBuilder bus(MessageBus bus) {
    Given.once(given, "bus");
    this.bus = Objects.requireNonNull(bus, "bus");
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
    Given.once(given, "webSocketPath");
    this.webSocketPath = Objects.requireNonNull(path, "path");
    return this;
  }

  /**
   * Where streams of server-sent events are opened, and, below it, where their clients post.
   * Default: {@code /sse}.
   */
  public RealtimeServerBuilder eventsPath(String path) {
    Given.once(given, "eventsPath");
    this.eventsPath = Objects.requireNonNull(path, "path");
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

  /** Most connections of one address at once. Default: 1,000. */
  public RealtimeServerBuilder connectionsPerAddress(int most) {
    Given.once(given, "connectionsPerAddress");
    this.connectionsPerAddress = most;
    return this;
  }

  /** Largest message of a client, from 1 KiB to 16 MiB. Default: 60 KiB, below the bus's bound. */
  public RealtimeServerBuilder maxMessageBytes(int bytes) {
    Given.once(given, "maxMessageBytes");
    this.maxMessageBytes = bytes;
    return this;
  }

  /** What may wait for one slow client, from 64 KiB. Default: 1 MiB. */
  public RealtimeServerBuilder maxPendingBytes(int bytes) {
    Given.once(given, "maxPendingBytes");
    this.maxPendingBytes = bytes;
    return this;
  }

  /** Most topics and rooms of one session. Default: 128. */
  public RealtimeServerBuilder maxTopics(int most) {
    Given.once(given, "maxTopics");
    this.maxTopics = most;
    return this;
  }

  /** Most messages a second of one session; twice as many at once. Default: 100. */
  public RealtimeServerBuilder messagesPerSecond(int most) {
    Given.once(given, "messagesPerSecond");
    this.messagesPerSecond = most;
    return this;
  }

  /** Until a client must have said who it is. Default: 10 seconds. */
  public RealtimeServerBuilder authTimeout(Duration timeout) {
    Given.once(given, "authTimeout");
    this.authTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /** After how long in silence a client is asked whether it is there. Default: 25 seconds. */
  public RealtimeServerBuilder pingInterval(Duration interval) {
    Given.once(given, "pingInterval");
    this.pingInterval = Objects.requireNonNull(interval, "interval");
    return this;
  }

  /** Until it must have answered. Default: 10 seconds. */
  public RealtimeServerBuilder pongTimeout(Duration timeout) {
    Given.once(given, "pongTimeout");
    this.pongTimeout = Objects.requireNonNull(timeout, "timeout");
    return this;
  }

  /** Over which clients are sent away when the server closes. Default: zero, all at once. */
  public RealtimeServerBuilder drainWindow(Duration window) {
    Given.once(given, "drainWindow");
    this.drainWindow = Objects.requireNonNull(window, "window");
    return this;
  }

  /** The bounds of HTTP, and the proxies in front. Default: all defaults. */
  public RealtimeServerBuilder http(HttpOptions options) {
    Given.once(given, "http");
    this.httpOptions = Objects.requireNonNull(options, "options");
    return this;
  }

  /** What time it is. Default: the system's clock. */
  public RealtimeServerBuilder clock(InstantSource clock) {
    Given.once(given, "clock");
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** What waits; the host closes it. Default: timers of the server's own. */
  public RealtimeServerBuilder timers(Timers timers) {
    Given.once(given, "timers");
    this.timers = Objects.requireNonNull(timers, "timers");
    return this;
  }

  /** Where {@code platform.realtime.*} is recorded. Default: nowhere. */
  public RealtimeServerBuilder meterRegistry(MeterRegistry registry) {
    Given.once(given, "meterRegistry");
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /** Is told what handlers, endpoints and listeners threw. Default: it is logged. */
  public RealtimeServerBuilder errorHandler(ErrorHandler errors) {
    Given.once(given, "errorHandler");
    this.errors = Objects.requireNonNull(errors, "errors");
    return this;
  }

  /**
   * Checks everything, and starts nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   */
  public RealtimeServer build() {
    Given.refuse(faults());
    Resources resources = new Resources();
    Timers waiting =
        timers == null ? resources.own(SystemTimers.create(errors), SystemTimers::close) : timers;
    MessageBus carrying =
        bus == null ? resources.own(InMemoryMessageBus.create(), InMemoryMessageBus::close) : bus;
    EventLog keeping =
        log == null ? resources.own(InMemoryEventLog.create(), InMemoryEventLog::close) : log;
    Settings settings =
        new Settings(
            Optional.ofNullable(address), Optional.ofNullable(tls), drainWindow, clock, waiting);
    Node node = node(waiting, carrying, keeping, resources);
    Origins pages = new Origins(Set.copyOf(origins), originRequired);
    Entrance entrance = new Entrance(node, pages, new Addresses(connectionsPerAddress));
    return new RealtimeServer(
        settings,
        resources,
        node,
        entrance,
        server -> http(server, node, entrance, pages, waiting));
  }

  private Node node(Timers waiting, MessageBus carrying, EventLog keeping, Resources resources) {
    Json json = Json.standard();
    Sessions sessions = new Sessions();
    TopicRules rules = new TopicRules(topics, TopicOptions.builder().build());
    return new Node(
        new Node.Parts(
            new Topics(rules, keeping, carrying, json, clock, waiting, errors),
            carrying,
            sessions,
            new Gate(
                Optional.ofNullable(authenticator),
                tokens,
                Optional.ofNullable(revocations),
                errors),
            limits(),
            new Envelopes(json, clock),
            json,
            waiting,
            errors,
            new RealtimeMetrics(registry, sessions::count, sessions::pendingBytes),
            resources.own(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("platform-realtime-", 0).factory()),
                ExecutorService::close)));
  }

  private Limits limits() {
    return new Limits(
        maxMessageBytes,
        maxPendingBytes,
        maxTopics,
        messagesPerSecond,
        2 * messagesPerSecond,
        authTimeout,
        pingInterval,
        pongTimeout);
  }

  private HttpConnections http(
      RealtimeServer server, Node node, Entrance entrance, Origins pages, Timers waiting) {
    Routes.Builder routes = Routes.builder();
    String posts = eventsPath + "/{session}";
    routes.post(posts, new SessionPosts(node, pages));
    List.of(eventsPath, posts).forEach(path -> routes.route("OPTIONS", path, pages::preflight));
    mounted.forEach((path, endpoint) -> routes.mount(path, endpoint.apply(server)));
    WebSocketOptions options =
        WebSocketOptions.builder().maxMessageBytes(maxMessageBytes).errorHandler(errors).build();
    HttpConnections.Builder connections =
        HttpConnections.builder(routes.build())
            .takeover(new WebSocketDoor(webSocketPath, entrance, options))
            .options(httpOptions)
            .timers(waiting)
            .clock(clock)
            .meterRegistry(registry)
            .errorHandler(errors);
    Cursors cursors = new Cursors(signingKey == null ? randomKey() : signingKey);
    Map<String, EventStream> all = new LinkedHashMap<>(streams);
    all.put(eventsPath, SseDoor.ofProtocol());
    all.forEach(
        (path, stream) -> connections.takeover(new SseDoor(path, stream, node, entrance, cursors)));
    return connections.build();
  }

  private static byte[] randomKey() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  private List<String> faults() {
    List<String> faults = new ArrayList<>();
    requireFrom(faults, "maxMessageBytes", maxMessageBytes, 1 << 10, 16 << 20);
    requireFrom(faults, "maxPendingBytes", maxPendingBytes, 64 << 10, 1 << 30);
    requireFrom(faults, "maxTopics", maxTopics, 1, 100_000);
    requireFrom(faults, "messagesPerSecond", messagesPerSecond, 1, 1_000_000);
    requireFrom(faults, "connectionsPerAddress", connectionsPerAddress, 1, 1_000_000);
    Given.requireSpan(faults, "authTimeout", authTimeout, SHORTEST, LONGEST);
    Given.requireSpan(faults, "pingInterval", pingInterval, SHORTEST, LONGEST);
    Given.requireSpan(faults, "pongTimeout", pongTimeout, SHORTEST, LONGEST);
    Given.requireSpan(faults, "drainWindow", drainWindow, Duration.ZERO, LONGEST);
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

  private static void requireFrom(
      List<String> faults, String property, int value, int min, int max) {
    String rule = "from %d to %d".formatted(min, max);
    Given.require(faults, property, value, value >= min && value <= max, rule);
  }
}
