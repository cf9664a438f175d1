package io.platformkit.realtime.server;

import io.platformkit.core.Json;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Routes;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.http.HttpConnections;
import io.platformkit.realtime.topics.TopicRules;
import io.platformkit.realtime.topics.Topics;
import io.platformkit.realtime.websocket.WebSocketOptions;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Puts a server together from the options of its builder, which are right. */
final class Assembly {
  private final RealtimeServerBuilder options;
  private final Resources resources = new Resources();
  private final Timers timers;
  private final Node node;
  private final Origins origins;
  private final Entrance entrance;

  Assembly(RealtimeServerBuilder options) {
    this.options = options;
    timers =
        options.timers == null
            ? resources.own(SystemTimers.create(options.errors), SystemTimers::close)
            : options.timers;
    node = node();
    origins = new Origins(Set.copyOf(options.origins), options.originRequired);
    entrance = new Entrance(node, origins, new Addresses(node.limits().connectionsPerAddress()));
  }

  RealtimeServer server() {
    Settings settings =
        new Settings(
            Optional.ofNullable(options.address),
            Optional.ofNullable(options.tls),
            options.drainWindow,
            options.drainTimeout,
            options.clock,
            timers);
    return new RealtimeServer(settings, resources, node, entrance, this::http);
  }

  private Node node() {
    MessageBus bus =
        options.bus == null
            ? resources.own(InMemoryMessageBus.create(), InMemoryMessageBus::close)
            : options.bus;
    EventLog log =
        options.log == null
            ? resources.own(InMemoryEventLog.create(), InMemoryEventLog::close)
            : options.log;
    Json json = Json.standard();
    Sessions sessions = new Sessions();
    TopicRules rules = new TopicRules(options.topics, TopicOptions.builder().build());
    Gate gate =
        new Gate(
            Optional.ofNullable(options.authenticator),
            options.tokens,
            Optional.ofNullable(options.revocations),
            options.errors);
    return new Node(
        new Node.Parts(
            new Topics(rules, log, bus, json, options.clock, timers, options.errors),
            bus,
            sessions,
            gate,
            options.limits(),
            new Envelopes(json, options.clock),
            json,
            timers,
            options.errors,
            new RealtimeMetrics(
                options.registry, options.clock, sessions::count, sessions::pendingBytes),
            resources.own(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("platform-realtime-", 0).factory()),
                ExecutorService::close)));
  }

  private HttpConnections http(RealtimeServer server) {
    WebSocketOptions sockets =
        WebSocketOptions.builder()
            .maxMessageBytes(node.limits().maxMessageBytes())
            .errorHandler(options.errors)
            .build();
    HttpConnections.Builder connections =
        HttpConnections.builder(endpoints(server))
            .takeover(new WebSocketDoor(options.webSocketPath, entrance, sockets))
            .options(options.httpOptions)
            .timers(timers)
            .clock(options.clock)
            .meterRegistry(options.registry)
            .errorHandler(options.errors);
    Cursors cursors = new Cursors(signingKey(), options.httpOptions.maxHeaderBytes() / 5 * 4);
    Map<String, EventStream> streams = new LinkedHashMap<>(options.streams);
    streams.put(options.eventsPath, SseDoor.ofProtocol());
    streams.forEach(
        (path, stream) -> connections.takeover(new SseDoor(path, stream, node, entrance, cursors)));
    return connections.build();
  }

  private HttpEndpoint endpoints(RealtimeServer server) {
    Routes.Builder routes = Routes.builder();
    String posts = options.eventsPath + "/{session}";
    routes.post(posts, new SessionPosts(node, origins));
    List.of(options.eventsPath, posts)
        .forEach(path -> routes.route("OPTIONS", path, origins::preflight));
    options.mounted.forEach((path, endpoint) -> routes.mount(path, endpoint.apply(server)));
    return routes.build();
  }

  private byte[] signingKey() {
    if (options.signingKey != null) {
      return options.signingKey;
    }
    byte[] random = new byte[RealtimeServerBuilder.KEY_BYTES];
    new SecureRandom().nextBytes(random);
    return random;
  }
}
