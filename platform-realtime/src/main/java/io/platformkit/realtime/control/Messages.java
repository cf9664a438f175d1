package io.platformkit.realtime.control;

import io.platformkit.core.http.HttpEndpoint;
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

/** {@code POST {from_user, to_user, message}}: stored, and then whoever it is to is told. */
record Messages(RealtimeServer server) implements HttpEndpoint {
  private record Letter(
      @Nullable String from_user, @Nullable String to_user, @Nullable String message) {
    @Override
    public String toString() {
      return "message";
    }
  }

  @Override
  public Response handle(Request request) {
    Optional<Principal> caller = Callers.require(request);
    Letter letter = request.json(Letter.class);
    String from = Stored.require("from_user", letter.from_user());
    String to = Stored.require("to_user", letter.to_user());
    Callers.requireOwn(caller, "from_user", from);
    Map<String, Object> notification = new LinkedHashMap<>();
    notification.put("type", "new_message");
    notification.put("from", from);
    notification.put("message", Stored.require("message", letter.message()));
    Published stored =
        Stored.in(
            server,
            ControlPlane.NOTIFICATIONS + to,
            () -> Message.of("notification", notification));
    return Response.json(Map.of("status", "sent", "id", stored.id()));
  }
}
