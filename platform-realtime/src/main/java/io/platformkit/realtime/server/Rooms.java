package io.platformkit.realtime.server;

import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.Message;
import java.util.Map;

/** Tells those who are in a room who comes and goes; not kept in its history. */
final class Rooms {
  private final Node node;

  Rooms(Node node) {
    this.node = node;
  }

  void joined(ClientSession session, String room) {
    tell("user_joined", session, room);
  }

  void left(ClientSession session, String room) {
    tell("user_left", session, room);
  }

  /** The session has ended: those who were in a room with it are told. */
  void ended(ClientSession session) {
    for (String topic : session.topics()) {
      if (topic.startsWith(Audience.ROOMS)) {
        tell("user_offline", session, topic.substring(Audience.ROOMS.length()));
      }
    }
  }

  private void tell(String type, ClientSession session, String room) {
    String user = session.principal().map(Principal::id).orElse(session.id());
    Message message = Message.of(type, Map.of("user_id", user, "room", room));
    node.bus().hint(Audience.room(room), message.except(session.id()));
  }
}
