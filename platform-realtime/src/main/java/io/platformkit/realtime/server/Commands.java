package io.platformkit.realtime.server;

import io.platformkit.core.Ids;
import io.platformkit.core.Json;
import io.platformkit.core.PlatformException;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.MessageHandler;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What clients may say: the commands of the protocol, and the types that the host has handlers for.
 * Called by mailboxes' threads; blocks.
 */
final class Commands {
  static final Set<String> TYPES =
      Set.of(
          "auth", "subscribe", "unsubscribe", "join_room", "leave_room", "publish", "ping", "ack");

  // Why something was refused

  static final String FORBIDDEN = "forbidden";
  static final String MALFORMED = "malformed";
  static final String TOO_MANY = "too_many";
  static final String UNAVAILABLE = "unavailable";
  private static final String FAILED = "failed";
  private static final String UNKNOWN_TYPE = "unknown_type";

  private final Node node;
  private final Json json;
  private final TopicCommands topics;
  private final Ids ids = Ids.create();

  Commands(Node node) {
    this.node = node;
    this.json = node.json();
    this.topics = new TopicCommands(node);
  }

  /** Handles one message; whatever is wrong with it is told to the client. */
  void handle(ClientSession session, byte[] message) {
    Command command = Command.NONE;
    try {
      command = json.decode(message, Command.class);
      handle(session, command, message);
    } catch (IllegalArgumentException fault) {
      session.replies().refuse(command, MALFORMED, String.valueOf(fault.getMessage()));
    } catch (PlatformException failure) {
      session.replies().refuse(command, UNAVAILABLE, "try again later");
    } catch (Exception failure) {
      String id = ids.nextText();
      node.errors()
          .handle("message '%s' of %s, id %s".formatted(command.type(), session, id), failure);
      session.replies().refuse(command, FAILED, "id " + id);
    }
  }

  /** Does not take a message, and names the command if it is one. */
  void refuse(ClientSession session, byte[] message, String rule) {
    session.replies().refuse(head(message), TOO_MANY, rule);
  }

  private Command head(byte[] message) {
    try {
      return json.decode(message, Command.class);
    } catch (IllegalArgumentException unreadable) {
      return Command.NONE;
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
      case "subscribe" ->
          topics.subscribe(session, command, payload(message, TopicCommands.Subscribe.class));
      case "unsubscribe" ->
          topics.unsubscribe(session, command, payload(message, TopicCommands.Subscribe.class));
      case "join_room" -> topics.join(session, command, payload(message, TopicCommands.Room.class));
      case "leave_room" ->
          topics.leave(session, command, payload(message, TopicCommands.Room.class));
      case "publish" ->
          topics.publish(session, command, payload(message, TopicCommands.Publish.class));
      case "ping" -> session.replies().answer("pong", command, null);
      case "ack" -> answered(session, command, message);
      default -> ask(session, command, message);
    }
  }

  /** As {@link TopicCommands#begin}. */
  void begin(ClientSession session, Map<String, @Nullable Position> from, boolean lost) {
    topics.begin(session, from, lost);
  }

  private <T> T payload(byte[] message, Class<T> type) {
    return json.decodeMember(message, "payload", type)
        .orElseThrow(() -> new IllegalArgumentException("payload must be there"));
  }

  // The host's own types

  private void ask(ClientSession session, Command command, byte[] message) throws Exception {
    Optional<Handlers.Typed<?>> handler = node.handlers().of(String.valueOf(command.type()));
    if (handler.isEmpty()) {
      session
          .replies()
          .refuse(command, UNKNOWN_TYPE, "nobody takes '%s'".formatted(command.type()));
      return;
    }
    session.replies().handling(command);
    try {
      handler.get().handle(session, json, message);
      if (session.replies().isUnanswered()) {
        session.reply(null);
      }
    } finally {
      session.replies().handling(null);
    }
  }

  void handleBinary(ClientSession session, byte[] message) {
    Optional<MessageHandler<byte[]>> handler = node.handlers().binary();
    if (!session.isAdmitted()) {
      session.close(CloseReason.NOBODY);
    } else if (handler.isEmpty()) {
      session.replies().refuse(Command.NONE, UNKNOWN_TYPE, "nobody takes binary messages");
    } else {
      try {
        handler.get().handle(session, message);
      } catch (IllegalArgumentException fault) {
        session.replies().refuse(Command.NONE, MALFORMED, String.valueOf(fault.getMessage()));
      } catch (Exception failure) {
        node.errors().handle("binary message of " + session, failure);
        session.replies().refuse(Command.NONE, FAILED, "binary message");
      }
    }
  }

  private void answered(ClientSession session, Command command, byte[] message) {
    if (command.id() == null) {
      throw new IllegalArgumentException("id must be there");
    }
    Object payload = json.decodeMember(message, "payload", Object.class).orElse(Map.of());
    session.replies().answered(command.id(), json.encode(payload));
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
      session.replies().acknowledge(command, null);
      return;
    }
    if (auth.token() == null) {
      throw new IllegalArgumentException("payload.token must be there");
    }
    switch (node.gate().check(Credentials.bearer(auth.token()), session.peer().getAddress())) {
      case Gate.Finding.Refused refused -> {
        session.replies().refuse(command, "unauthorized", refused.why().words());
        session.close(refused.why());
      }
      case Gate.Finding.Admitted admitted -> {
        if (session
            .principal()
            .filter(who -> !who.id().equals(admitted.principal().id()))
            .isPresent()) {
          session.replies().refuse(command, FORBIDDEN, "the credentials are another one's");
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
        session.replies().acknowledge(command, null);
      }
    }
  }
}
