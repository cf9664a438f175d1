package io.platformkit.realtime.control;

import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.Session;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.ServerStats;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code /api/v1/connections} tells of a node. */
record Connections(RealtimeServer server) {
  private static final int MOST = 10_000;
  private static final int SESSIONS = 1_000;
  private static final int MESSAGES = 50;

  /** {@code GET}: how the node is doing. */
  Response stats(Request request) {
    ServerStats stats = server.stats();
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("active_connections", stats.activeConnections());
    answer.put("messages_per_second", stats.messagesPerSecond());
    answer.put("rooms", stats.rooms());
    answer.put("reconnections", stats.reconnections());
    return fresh(Response.json(answer));
  }

  /** {@code GET ?limit=}: who is connected, in the order in which they came. */
  Response list(Request request) {
    Callers.require(request);
    int limit = request.queryInt("limit", 1, MOST).orElse(SESSIONS);
    List<Map<String, Object>> sessions =
        server.sessions().stream()
            .sorted(Comparator.comparing(Session::id))
            .limit(limit)
            .map(Connections::description)
            .toList();
    return fresh(Response.json(Map.of("sessions", sessions)));
  }

  private static Map<String, Object> description(Session session) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("session", session.id());
    session.principal().map(Principal::id).ifPresent(id -> description.put("user_id", id));
    description.put("state", session.state().name().toLowerCase(Locale.ROOT));
    description.put("transport", session.transport());
    description.put("topics", session.topics().stream().filter(name -> !isRoom(name)).toList());
    description.put(
        "rooms",
        session.topics().stream()
            .filter(Connections::isRoom)
            .map(name -> name.substring(Audience.ROOMS.length()))
            .toList());
    return description;
  }

  private static boolean isRoom(String topic) {
    return topic.startsWith(Audience.ROOMS);
  }

  /** {@code GET ?limit=}: the newest messages of a room, for whoever may be in it. */
  Response history(Request request) {
    Optional<Principal> caller = request.principal();
    int limit = request.queryInt("limit", 1, MOST).orElse(MESSAGES);
    String topic = Audience.ROOMS + request.pathVariable("room");
    try {
      if (!server.maySubscribe(caller, topic)) {
        throw Problem.of(403, "the room is not yours to enter").toException();
      }
      return fresh(Response.ok(messages(server.history(topic, limit)), "application/json"));
    } catch (IllegalArgumentException fault) {
      throw Problem.of(400, String.valueOf(fault.getMessage())).toException();
    }
  }

  /** They are JSON already. */
  private static byte[] messages(List<byte[]> envelopes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"messages\":[".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < envelopes.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(envelopes.get(i));
    }
    body.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
    return body.toByteArray();
  }

  private static Response fresh(Response answer) {
    return answer.withHeader("Cache-Control", "no-store");
  }
}
