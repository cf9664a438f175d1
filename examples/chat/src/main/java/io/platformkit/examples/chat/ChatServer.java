package io.platformkit.examples.chat;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.http.StaticFiles;
import io.platformkit.core.identity.Authentication;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.core.redis.Redis;
import io.platformkit.examples.commandline.Arguments;
import io.platformkit.examples.commandline.Program;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.client.BrowserClient;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rooms whose last 50 messages newcomers get: each message is stored before anybody sees it. Who
 * somebody is, is whatever name the browser gives as its token; a host would ask for more.
 */
public final class ChatServer implements AutoCloseable {
  private static final int KEPT = 50;
  private static final String USAGE =
      """
      Usage: ./chat [--port N] [--redis URI] [--help]

        --port N     listen on port N of this machine; 0 takes a free port (default 8082)
        --redis URI  run two nodes, on port N and the next, that share rooms through Redis
        --help       print this and exit
      """;

  private final List<RealtimeServer> nodes = new ArrayList<>();
  private final List<Redis> connections = new ArrayList<>();

  /** What a client says; which of it depends on the message's type. */
  private record Said(String room, @Nullable String user_id, @Nullable String message) {}

  private void addNode(int port, Optional<Redis> redis, byte[] key) {
    RealtimeServerBuilder builder = RealtimeServer.builder().port(port).signingKey(key);
    redis.ifPresent(shared -> builder.log(shared.eventLog()).bus(shared.messageBus()));
    RealtimeServer server =
        builder
            .authenticator((name, peer) ->
                new Authentication.Authenticated(Principal.of(name.secret()), Optional.empty()))
            .topic(Audience.ROOMS + "*", TopicOptions.builder().history(KEPT).build())
            .mount("/client", BrowserClient.files())
            .mount("/", StaticFiles.builder("chat").build())
            .build();
    server
        .on("join_chat", Said.class, ChatServer::join)
        .on("send_message", Said.class, (session, said) -> say(server, session, said))
        .on("typing", Said.class, (session, said) -> typing(server, session, said, true))
        .on("stop_typing", Said.class, (session, said) -> typing(server, session, said, false));
    nodes.add(server);
    Program.listen(server::start, InetAddress.getLoopbackAddress(), port);
  }

  private static void join(Session session, Said said) {
    if (!user(session).equals(said.user_id())) {
      throw new IllegalArgumentException("user_id must be yours, " + user(session));
    }
    session.join(said.room(), Position.OLDEST);
  }

  private static void say(RealtimeServer server, Session session, Said said) {
    if (said.message() == null) {
      throw new IllegalArgumentException("message must be there");
    }
    Map<String, String> line =
        Map.of(
            "user_id", user(session),
            "message", said.message(),
            "timestamp", Instant.now().toString());
    server.publish(topic(session, said), Message.of("new_message", line)).join();
  }

  private static void typing(RealtimeServer server, Session session, Said said, boolean is) {
    Message typing = Message.of("user_typing", Map.of("user_id", user(session), "typing", is));
    server.send(Audience.topic(topic(session, said)), typing.except(session.id())).join();
  }

  private static String user(Session session) {
    return session.principal().orElseThrow().id();
  }

  private static String topic(Session session, Said said) {
    String topic = Audience.ROOMS + said.room();
    if (!session.topics().contains(topic)) {
      throw new IllegalArgumentException("room was '%s' but you are not in it".formatted(topic));
    }
    return topic;
  }

  /** Starts what the command line asks for; close it to stop it. */
  static ChatServer start(String... args) {
    int port = 8082;
    Optional<String> uri = Optional.empty();
    for (Arguments rest = new Arguments(args); rest.hasNext(); ) {
      switch (rest.next()) {
        case "--port" -> port = rest.port("--port 8083");
        case "--redis" -> uri = Optional.of(rest.value("a URI: --redis redis://localhost:6379"));
        default -> throw rest.unknown("the chat");
      }
    }
    ChatServer chat = new ChatServer();
    byte[] key = new SecureRandom().generateSeed(32);
    for (int i = 0; i < (uri.isPresent() ? 2 : 1); i++) {
      Optional<Redis> redis = uri.map(Redis::connect);
      redis.ifPresent(chat.connections::add);
      chat.addNode(port == 0 ? 0 : port + i, redis, key);
    }
    chat.urls().forEach(url -> System.out.println("Chat: " + url));
    return chat;
  }

  /** Where each node is. */
  List<URI> urls() {
    return nodes.stream().map(RealtimeServer::uri).toList();
  }

  @Override
  public void close() {
    CloseOrder order = CloseOrder.within(Duration.ofSeconds(10));
    nodes.forEach(node -> order.then("node", node));
    connections.forEach(redis -> order.then("redis", redis));
    order.run();
  }

  /** Runs the chat until the process is told to stop. */
  public static void main(String[] args) {
    Program.run("chat", USAGE, ChatServer::start, args);
  }
}
