package io.platformkit.realtime.control;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.topics.Published;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST {type, payload, client_id, topic}}: publishes, for callers that have no socket. The
 * topic's own rule says which of the known ones may.
 */
record Publishing(RealtimeServer server) implements HttpEndpoint {
  private record Event(
      @Nullable String type,
      @Nullable Object payload,
      @Nullable String client_id,
      @Nullable String topic) {
    @Override
    public String toString() {
      return "event";
    }
  }

  @Override
  public Response handle(Request request) {
    Optional<Principal> caller = Callers.require(request);
    Event event = request.json(Event.class);
    Callers.requireOwn(caller, "client_id", event.client_id());
    String type = Stored.require("type", event.type());
    String topic = event.topic() == null ? ControlPlane.EVENTS : event.topic();
    caller.ifPresent(who -> requireAllowed(who, topic));
    Published done =
        Stored.in(server, topic, () -> signed(Message.of(type, event.payload()), caller));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("status", "published");
    answer.putAll(done.description());
    return Response.json(answer);
  }

  private void requireAllowed(Principal caller, String topic) {
    if (!allows(caller, topic)) {
      throw Problem.of(403, "not allowed to publish to '%s'".formatted(topic)).toException();
    }
  }

  private boolean allows(Principal caller, String topic) {
    try {
      return server.mayPublish(Optional.of(caller), topic);
    } catch (IllegalArgumentException fault) {
      throw Problem.of(400, String.valueOf(fault.getMessage())).toException();
    }
  }

  private static Message signed(Message message, Optional<Principal> caller) {
    return caller.map(who -> message.metadata("user_id", who.id())).orElse(message);
  }
}
