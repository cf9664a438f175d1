package io.platformkit.realtime.server;

import io.netty.channel.ChannelPipeline;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.PlatformException;
import io.platformkit.core.Timers;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.MessageHandler;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.http.HttpConnections;
import io.platformkit.realtime.topics.Published;
import io.platformkit.realtime.topics.Topics;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * WebSockets, and endpoints over HTTP, on one port: sessions of clients, topics and rooms that they
 * receive, and the messages that they send. Safe for concurrent use.
 *
 * <pre>{@code
 * try (var server = RealtimeServer.builder().port(8080).topic("news/*", kept).build()) {
 *   server.on("chat.send", Line.class, (session, line) -> server.publish("news/chat", Message.of("line", line)));
 *   server.start();
 *   …
 * }
 * }</pre>
 *
 * <p>What clients and server say to each other is in {@code docs/protocol.md}. Handlers are
 * registered before {@link #start}.
 */
public final class RealtimeServer implements AutoCloseable {
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final Settings settings;
  private final Resources resources;
  private final Node node;
  private final Entrance entrance;
  private final HttpConnections http;
  private final Optional<Port> port;
  private final Lifecycle lifecycle = new Lifecycle("realtime server");
  private final Throughput throughput = new Throughput();
  private volatile boolean started;
  private Timers.@Nullable Timer sweeper;

  RealtimeServer(
      Settings settings,
      Resources resources,
      Node node,
      Entrance entrance,
      Function<RealtimeServer, HttpConnections> http) {
    this.settings = settings;
    this.resources = resources;
    this.node = node;
    this.entrance = entrance;
    this.http = http.apply(this);
    port = settings.address().map(address -> new Port(address, settings.tls(), this.http));
  }

  /** Collects the options. */
  public static RealtimeServerBuilder builder() {
    return new RealtimeServerBuilder();
  }

  // Before the start

  /**
   * Takes messages of a type.
   *
   * @param payload what payloads are read as; {@code Object} takes any
   * @throws IllegalStateException if the server was started, or the type has a handler
   */
  public <T> RealtimeServer on(String type, Class<T> payload, MessageHandler<T> handler) {
    requireNotStarted();
    node.handlers().add(type, payload, handler);
    return this;
  }

  /** Takes messages that are no envelopes. */
  public RealtimeServer onBinary(MessageHandler<byte[]> handler) {
    requireNotStarted();
    node.handlers().onBinary(handler);
    return this;
  }

  /** Is told of each session when it is known who it is; may block. */
  public RealtimeServer onOpen(Consumer<Session> action) {
    requireNotStarted();
    node.handlers().onOpen(action);
    return this;
  }

  /** Is told of each session that has ended; may block. */
  public RealtimeServer onClose(Consumer<Session> action) {
    requireNotStarted();
    node.handlers().onClose(action);
    return this;
  }

  private void requireNotStarted() {
    if (started) {
      throw new IllegalStateException("handlers are registered before start()");
    }
  }

  /**
   * Listens, unless the host does.
   *
   * @throws PlatformException if it can't; a {@link java.net.BindException} is its cause where the
   *     port is taken
   */
  public void start() {
    lifecycle.start(() -> {
      started = true;
      node.bus().start();
      http.start();
      port.ifPresent(Port::open);
      sweeper = settings.timers().every("realtime-sessions", SWEEP, this::sweep);
    });
  }

  private void sweep() {
    var now = settings.clock().instant();
    long nanos = settings.timers().nanoTime();
    node.sessions().all().forEach(session -> session.sweep(now, nanos));
    throughput.sample(node.metrics().sentMessages(), nanos);
    node.bus().sweep();
  }

  /**
   * Adds HTTP and all that stands on it to the end of the pipeline of a new connection of the
   * host's own Netty server, behind TLS if there is any.
   */
  public void addTo(ChannelPipeline pipeline) {
    http.addTo(pipeline);
  }

  /**
   * Where it listens.
   *
   * @throws IllegalStateException if it does not
   */
  public URI uri() {
    return port.flatMap(Port::uri)
        .orElseThrow(() -> new IllegalStateException("realtime server does not listen"));
  }

  // Messages

  /**
   * Publishes to a topic, on all nodes.
   *
   * @return completes when the log or the bus has taken it
   * @throws IllegalArgumentException if the name, the payload or the size is wrong
   */
  public CompletableFuture<Published> publish(String topic, Message message) {
    return node.topics().publish(topic, message);
  }

  /**
   * Whether a client may publish to a topic, by the topic's own rule.
   *
   * @param principal empty where nobody is asked who he is
   * @throws IllegalArgumentException if the name is wrong
   */
  public boolean mayPublish(Optional<Principal> principal, String topic) {
    return node.topics().rules().mayPublish(principal, Topics.requireName(topic));
  }

  /** As {@link #mayPublish}, of receiving it. */
  public boolean maySubscribe(Optional<Principal> principal, String topic) {
    return node.topics().rules().maySubscribe(principal, Topics.requireName(topic));
  }

  /**
   * The newest messages of a topic that are kept, the oldest of them first; none of a topic without
   * history. Reads all that is kept, unless this node has just delivered as many. Blocks.
   *
   * @param limit at most so many, from 1 to 10,000
   * @return envelopes in JSON, as clients get them
   * @throws IllegalArgumentException if the name or the limit is wrong
   */
  public List<byte[]> history(String topic, int limit) {
    return node.topics().newest(topic, limit);
  }

  /**
   * Sends to whoever is there, on all nodes; it is in no history, and comes at most once.
   *
   * @return completes when the bus has taken it
   * @throws IllegalArgumentException if it is too large
   */
  public CompletableFuture<Void> send(Audience to, Message message) {
    return node.bus().send(to, message);
  }

  /**
   * Ends all sessions of a principal on all nodes, and lets it in no more.
   *
   * @param lifetime as long as its credentials may live
   * @throws IllegalStateException if there is no store of revocations
   */
  public void revoke(String principal, Duration lifetime) {
    node.gate().revoke(principal, lifetime);
    node.bus().revoked(principal).join();
  }

  /** The sessions of this node. */
  public Collection<Session> sessions() {
    return List.copyOf(node.sessions().all());
  }

  /** How this node is doing. */
  public ServerStats stats() {
    return new ServerStats(
        node.sessions().count(),
        throughput.perSecond(),
        node.sessions().rooms(),
        node.metrics().reconnections());
  }

  /** Whether it lets clients in; false while it stops. */
  public boolean isReady() {
    return started && !entrance.isDraining();
  }

  /**
   * Lets nobody in any more, tells clients to come back, spread over the drain window, answers the
   * requests that run, and ends: within the drain timeout after the window.
   */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(settings.drainTimeout().plus(settings.drainWindow()))
            .then("listener", this::stopListening)
            .then("sessions", new Drain(node, entrance, settings)::run)
            .then("requests", http::drain)
            .then("http", http)
            .then("bus", node.bus())
            .then("topics", node.topics())
            .then("clients", this::cutOff)
            .then("loops", this::closeSockets)
            .then("resources", resources)
            .run());
  }

  private void stopListening() {
    entrance.drain();
    port.ifPresent(Port::stopListening);
  }

  /** A loop that is shut down does not always close its connections, nor tell of their ends. */
  private void cutOff() {
    CompletableFuture.allOf(
            node.sessions().all().stream()
                .map(ClientSession::cut)
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private void closeSockets() {
    if (sweeper != null) {
      sweeper.cancel();
    }
    port.ifPresent(Port::close);
  }
}
