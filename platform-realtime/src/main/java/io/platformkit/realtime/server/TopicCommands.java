package io.platformkit.realtime.server;

import io.platformkit.core.PlatformException;
import io.platformkit.core.identity.Principal;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.topics.Published;
import io.platformkit.realtime.topics.Subscription;
import io.platformkit.realtime.topics.TopicRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The commands about topics and rooms. Called by mailboxes' threads; blocks. */
final class TopicCommands {
  /** A position that no log knows, so that whoever has it is told of a gap. */
  private static final Position NOWHERE = new Position("lost", 0, 1);

  private final Node node;

  TopicCommands(Node node) {
    this.node = node;
  }

  private TopicRules rules() {
    return node.topics().rules();
  }

  /** What {@code subscribe} and {@code unsubscribe} bear. */
  record Subscribe(@Nullable List<String> topics, @Nullable Map<String, String> offsets) {
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
  }

  private static Position position(String offset) {
    return offset.equals("oldest") ? Position.OLDEST : Position.parse(offset);
  }

  void subscribe(ClientSession session, Command command, Subscribe wanted) {
    Map<String, @Nullable Position> topics = new LinkedHashMap<>();
    Map<String, String> refused = new LinkedHashMap<>();
    for (String topic : wanted.names()) {
      try {
        topics.put(topic, wanted.from(topic));
      } catch (IllegalArgumentException fault) {
        refused.put(topic, String.valueOf(fault.getMessage()));
      }
    }
    subscribe(session, command, topics, refused);
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
    try {
      subscribe(session, Command.NONE, from, new LinkedHashMap<>());
    } catch (PlatformException failure) {
      node.errors().handle("topics of " + session, failure);
      session.close(CloseReason.UNAVAILABLE);
    }
  }

  /** Answers first, and then delivers; so whatever was missed comes behind the answer. */
  private void subscribe(
      ClientSession session,
      Command command,
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
    session.replies().answer("subscribed", command, payload);
    opened.forEach(session.subscriptions()::begin);
  }

  private Subscription open(ClientSession session, String topic, @Nullable Position from) {
    if (!rules().maySubscribe(session.principal(), topic)) {
      throw new SecurityException("not allowed");
    }
    if (from != null && !from.equals(Position.OLDEST)) {
      session.resumed();
    }
    return session.subscriptions().open(topic, from);
  }

  private static Map<String, Object> place(Subscription subscription) {
    return subscription
        .at()
        .<Map<String, Object>>map(at -> Map.of("offset", at.token()))
        .orElse(Map.of());
  }

  void unsubscribe(ClientSession session, Command command, Subscribe unwanted) {
    unwanted.names().forEach(session::unsubscribe);
    session.replies().answer("unsubscribed", command, Map.of("topics", unwanted.names()));
  }

  /** What {@code join_room} and {@code leave_room} bear. */
  record Room(@Nullable String room, @Nullable String offset) {
    String name() {
      if (room == null || room.isEmpty()) {
        throw new IllegalArgumentException("payload.room must be there");
      }
      return room;
    }

    @Nullable Position from() {
      return offset == null ? null : position(offset);
    }
  }

  void join(ClientSession session, Command command, Room wanted) {
    String topic = Audience.ROOMS + wanted.name();
    Subscription subscription;
    try {
      subscription = open(session, topic, wanted.from());
    } catch (IllegalStateException | SecurityException fault) {
      session.replies().refuse(command, Commands.FORBIDDEN, String.valueOf(fault.getMessage()));
      return;
    }
    Map<String, Object> payload = new LinkedHashMap<>(place(subscription));
    payload.put("room", wanted.name());
    payload.put("topic", topic);
    session.replies().answer("room_joined", command, payload);
    session.subscriptions().begin(subscription);
    node.rooms().joined(session, wanted.name());
  }

  void leave(ClientSession session, Command command, Room unwanted) {
    session.leave(unwanted.name());
    session.replies().answer("room_left", command, Map.of("room", unwanted.name()));
  }

  /** What {@code publish} bears. */
  record Publish(
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

  void publish(ClientSession session, Command command, Publish wanted) {
    Message message = wanted.message();
    String topic = String.valueOf(wanted.topic());
    if (!rules().mayPublish(session.principal(), topic)) {
      String rule = "not allowed to publish to '%s'".formatted(topic);
      session.replies().refuse(command, Commands.FORBIDDEN, rule);
      return;
    }
    Optional<String> user = session.principal().map(Principal::id);
    Message signed = user.isPresent() ? message.metadata("user_id", user.get()) : message;
    CompletableFuture<?> unused =
        node.topics()
            .publish(topic, signed)
            .whenComplete((done, failure) -> tell(session.replies(), command, done, failure));
  }

  private static void tell(
      Replies replies, Command command, @Nullable Published done, @Nullable Throwable failure) {
    if (failure != null || done == null) {
      replies.refuse(command, Commands.UNAVAILABLE, "try again later");
    } else {
      replies.acknowledge(command, done.description());
    }
  }
}
