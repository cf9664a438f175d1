package io.platformkit.realtime.server;

import io.platformkit.core.Ids;
import io.platformkit.core.Json;
import io.platformkit.core.PlatformException;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.MessageHandler;
import io.platformkit.realtime.topics.Published;
import io.platformkit.realtime.topics.Subscription;
import io.platformkit.realtime.topics.TopicRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What clients may say: the commands of the protocol, and the types that the host has handlers for.
 * Called by mailboxes' threads; blocks.
 */
final class Commands {
  static final Set<String> TYPES =
      Set.of(
          "auth", "subscribe", "unsubscribe", "join_room", "leave_room", "publish", "ping", "ack");

  /** A position that no log knows, so that whoever has it is told of a gap. */
  private static final Position NOWHERE = new Position("lost", 0, 1);

  static final String TOO_MANY = "too_many";

  private static final String FORBIDDEN = "forbidden";
  private static final String MALFORMED = "malformed";

  private final Node node;
  private final Json json;
  private final Ids ids = Ids.create();

  Commands(Node node) {
    this.node = node;
    this.json = node.json();
  }

  /** Handles one message; whatever is wrong with it is told to the client. */
  void handle(ClientSession session, byte[] message) {
    Command command = new Command(null, null);
    try {
      command = json.decode(message, Command.class);
      handle(session, command, message);
    } catch (IllegalArgumentException fault) {
      session.refuse(command.id(), MALFORMED, String.valueOf(fault.getMessage()));
    } catch (PlatformException failure) {
      session.refuse(command.id(), "unavailable", "try again later");
    } catch (Exception failure) {
      String id = ids.nextText();
      node.errors()
          .handle("message '%s' of %s, id %s".formatted(command.type(), session, id), failure);
      session.refuse(command.id(), "failed", "id " + id);
    }
  }

  /** Does not take a message, and names the command if it is one. */
  void refuse(ClientSession session, byte[] message, String rule) {
    session.refuse(id(message).orElse(null), TOO_MANY, rule);
  }

  private Optional<String> id(byte[] message) {
    try {
      return json.decodeMember(message, "id", String.class);
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  private void handle(ClientSession session, Command command, byte[] message) throws Exception {
    if (!session.isAdmitted() && !"auth".equals(command.type())) {
      session.close(CloseReason.NOBODY);
      return;
    }
    switch (command.type()) {
      case null -> throw new IllegalArgumentException("type must be there");
      case "auth" -> authenticate(session, command, payload(message, Auth.class));
      case "subscribe" -> subscribe(session, command, payload(message, Subscribe.class));
      case "unsubscribe" -> unsubscribe(session, command, payload(message, Subscribe.class));
      case "join_room" -> join(session, command, payload(message, Room.class));
      case "leave_room" -> leave(session, command, payload(message, Room.class));
      case "publish" -> publish(session, command, payload(message, Publish.class));
      case "ping" -> session.control("pong", node.envelopes().of("pong", command.id(), null));
      case "ack" -> answered(session, command, message);
      default -> ask(session, command, message);
    }
  }

  private <T> T payload(byte[] message, Class<T> type) {
    return json.decodeMember(message, "payload", type)
        .orElseThrow(() -> new IllegalArgumentException("payload must be there"));
  }

  // The host's own types

  private void ask(ClientSession session, Command command, byte[] message) throws Exception {
    Optional<Handlers.Typed<?>> handler = node.handlers().of(String.valueOf(command.type()));
    if (handler.isEmpty()) {
      session.refuse(command.id(), "unknown_type", "nobody takes '%s'".formatted(command.type()));
      return;
    }
    session.handling(command);
    try {
      handler.get().handle(session, json, message);
      if (session.isUnanswered()) {
        session.reply(null);
      }
    } finally {
      session.handling(null);
    }
  }

  void handleBinary(ClientSession session, byte[] message) {
    Optional<MessageHandler<byte[]>> handler = node.handlers().binary();
    if (!session.isAdmitted()) {
      session.close(CloseReason.NOBODY);
    } else if (handler.isEmpty()) {
      session.refuse(null, "unknown_type", "nobody takes binary messages");
    } else {
      try {
        handler.get().handle(session, message);
      } catch (IllegalArgumentException fault) {
        session.refuse(null, MALFORMED, String.valueOf(fault.getMessage()));
      } catch (Exception failure) {
        node.errors().handle("binary message of " + session, failure);
        session.refuse(null, "failed", "binary message");
      }
    }
  }

  private void answered(ClientSession session, Command command, byte[] message) {
    if (command.id() == null) {
      throw new IllegalArgumentException("id must be there");
    }
    Object payload = json.decodeMember(message, "payload", Object.class).orElse(Map.of());
    session.answers().complete(command.id(), json.encode(payload));
  }

  // Credentials

  private record Auth(@Nullable String token) {
    @Override
    public String toString() {
      return "auth";
    }
  }

  /** For the first time, or again in place: then it must be the same one. */
  private void authenticate(ClientSession session, Command command, Auth auth) {
    if (!node.gate().asks()) {
      session.acknowledge(command, null);
      return;
    }
    if (auth.token() == null) {
      throw new IllegalArgumentException("payload.token must be there");
    }
    switch (node.gate().check(Credentials.bearer(auth.token()), session.peer().getAddress())) {
      case Gate.Finding.Refused refused -> {
        session.refuse(command.id(), "unauthorized", refused.why().words());
        session.close(refused.why());
      }
      case Gate.Finding.Admitted admitted -> {
        if (session
            .principal()
            .filter(who -> !who.id().equals(admitted.principal().id()))
            .isPresent()) {
          session.refuse(command.id(), FORBIDDEN, "the credentials are another one's");
          return;
        }
        if (Entrance.isAnothers(session.claimed(), admitted.principal())) {
          session.close(CloseReason.FORBIDDEN);
          return;
        }
        boolean first = !session.isAdmitted();
        session.admit(admitted.principal(), admitted.expiresAt().orElse(null));
        if (first) {
          session.greet();
        }
        session.acknowledge(command, null);
      }
    }
  }

  // Topics

  private record Subscribe(@Nullable List<String> topics, @Nullable Map<String, String> offsets) {
    List<String> names() {
      if (topics == null || topics.isEmpty()) {
        throw new IllegalArgumentException("payload.topics must be a list of at least one");
      }
      return topics;
    }

    @Nullable Position from(String topic) {
      String offset = offsets == null ? null : offsets.get(topic);
      return offset == null ? null : position(offset);
    }

    private static Position position(String offset) {
      return offset.equals("oldest") ? Position.OLDEST : Position.parse(offset);
    }
  }

  private void subscribe(ClientSession session, Command command, Subscribe wanted) {
    Map<String, @Nullable Position> topics = new LinkedHashMap<>();
    Map<String, String> refused = new LinkedHashMap<>();
    for (String topic : wanted.names()) {
      try {
        topics.put(topic, wanted.from(topic));
      } catch (IllegalArgumentException fault) {
        refused.put(topic, String.valueOf(fault.getMessage()));
      }
    }
    subscribe(session, command.id(), topics, refused);
  }

  /**
   * Begins a stream of events, which has its topics from the start.
   *
   * @param topics each with where it begins; null for what comes from now on
   * @param lost whether the client was somewhere that nobody knows any more
   */
  void begin(ClientSession session, Map<String, @Nullable Position> topics, boolean lost) {
    session.greet();
    Map<String, @Nullable Position> from = new LinkedHashMap<>(topics);
    if (lost) {
      from.replaceAll((topic, none) -> NOWHERE);
    }
    subscribe(session, null, from, new LinkedHashMap<>());
  }

  /** Answers first, and then delivers; so whatever was missed comes behind the answer. */
  private void subscribe(
      ClientSession session,
      @Nullable String command,
      Map<String, @Nullable Position> topics,
      Map<String, String> refused) {
    Map<String, Object> places = new LinkedHashMap<>();
    List<Subscription> opened = new ArrayList<>();
    topics.forEach((topic, from) -> {
      try {
        Subscription subscription = open(session, topic, from);
        opened.add(subscription);
        places.put(topic, place(subscription));
      } catch (IllegalArgumentException | IllegalStateException | SecurityException fault) {
        node.metrics().refused("subscription");
        refused.put(topic, String.valueOf(fault.getMessage()));
      }
    });
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("topics", places);
    payload.put("refused", refused);
    session.control("subscribed", node.envelopes().of("subscribed", command, payload));
    opened.forEach(session::begin);
  }

  private Subscription open(ClientSession session, String topic, @Nullable Position from) {
    if (!rules().maySubscribe(session.principal(), topic)) {
      throw new SecurityException("not allowed");
    }
    if (from != null && !from.equals(Position.OLDEST)) {
      session.resumed();
    }
    return session.open(topic, from);
  }

  private TopicRules rules() {
    return node.topics().rules();
  }

  private static Map<String, Object> place(Subscription subscription) {
    return subscription
        .at()
        .<Map<String, Object>>map(at -> Map.of("offset", at.token()))
        .orElse(Map.of());
  }

  private void unsubscribe(ClientSession session, Command command, Subscribe unwanted) {
    unwanted.names().forEach(session::unsubscribe);
    Map<String, Object> payload = Map.of("topics", unwanted.names());
    session.control("unsubscribed", node.envelopes().of("unsubscribed", command.id(), payload));
  }

  // Rooms

  private record Room(@Nullable String room, @Nullable String offset) {
    String name() {
      if (room == null || room.isEmpty()) {
        throw new IllegalArgumentException("payload.room must be there");
      }
      return room;
    }

    @Nullable Position from() {
      return offset == null ? null : Subscribe.position(offset);
    }
  }

  private void join(ClientSession session, Command command, Room wanted) {
    String topic = Audience.ROOMS + wanted.name();
    Subscription subscription;
    try {
      subscription = open(session, topic, wanted.from());
    } catch (IllegalStateException | SecurityException fault) {
      session.refuse(command.id(), FORBIDDEN, String.valueOf(fault.getMessage()));
      return;
    }
    Map<String, Object> payload = new LinkedHashMap<>(place(subscription));
    payload.put("room", wanted.name());
    payload.put("topic", topic);
    session.control("room_joined", node.envelopes().of("room_joined", command.id(), payload));
    session.begin(subscription);
    node.rooms().joined(session, wanted.name());
  }

  private void leave(ClientSession session, Command command, Room unwanted) {
    session.leave(unwanted.name());
    Map<String, Object> payload = Map.of("room", unwanted.name());
    session.control("room_left", node.envelopes().of("room_left", command.id(), payload));
  }

  // Publishing

  private record Publish(
      @Nullable String topic,
      @Nullable String type,
      @Nullable Object payload,
      @Nullable String key) {
    Message message() {
      if (topic == null || type == null) {
        throw new IllegalArgumentException("payload.topic and payload.type must be there");
      }
      Message message = Message.of(type, payload);
      return key == null ? message : message.key(key);
    }
  }

  private void publish(ClientSession session, Command command, Publish wanted) {
    Message message = wanted.message();
    String topic = String.valueOf(wanted.topic());
    if (!rules().mayPublish(session.principal(), topic)) {
      session.refuse(command.id(), FORBIDDEN, "not allowed to publish to '%s'".formatted(topic));
      return;
    }
    Optional<String> user = session.principal().map(Principal::id);
    Message signed = user.isPresent() ? message.metadata("user_id", user.get()) : message;
    CompletableFuture<?> unused =
        node.topics()
            .publish(topic, signed)
            .whenComplete((done, failure) -> tell(session, command, done, failure));
  }

  private void tell(
      ClientSession session,
      Command command,
      @Nullable Published done,
      @Nullable Throwable failure) {
    if (failure != null || done == null) {
      session.refuse(command.id(), "unavailable", "try again later");
      return;
    }
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("id", done.id());
    done.at().map(Position::token).ifPresent(at -> payload.put("offset", at));
    payload.put("duplicate", done.duplicate());
    session.acknowledge(command, payload);
  }
}
