package io.platformkit.realtime.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.realtime.http.Handover;
import io.platformkit.realtime.http.Takeover;
import io.platformkit.realtime.websocket.AcceptedHandshake;
import io.platformkit.realtime.websocket.RefusedHandshake;
import io.platformkit.realtime.websocket.WebSocketHandshake;
import io.platformkit.realtime.websocket.WebSocketOptions;
import java.util.Optional;

/** Lets WebSockets in: {@code /ws}, and {@code /ws/{client_id}}. */
final class WebSocketDoor implements Takeover {
  private final String path;
  private final Entrance entrance;
  private final WebSocketOptions options;

  WebSocketDoor(String path, Entrance entrance, WebSocketOptions options) {
    this.path = path;
    this.entrance = entrance;
    this.options = options;
  }

  @Override
  public boolean wants(HttpRequest head) {
    String asked = Targets.path(head);
    return asked.equals(path) || asked.startsWith(path + "/");
  }

  @Override
  public void take(Handover connection) {
    Optional<Problem> refusal = entrance.refusal(connection.request());
    if (refusal.isPresent()) {
      entrance.refuse(connection, refusal.get());
      return;
    }
    switch (WebSocketHandshake.answer(connection.head(), options)) {
      case RefusedHandshake refused -> {
        ChannelFuture unused =
            connection
                .channel()
                .writeAndFlush(refused.response())
                .addListener(ChannelFutureListener.CLOSE);
      }
      case AcceptedHandshake accepted ->
          entrance.identify(
              connection,
              entrance.shown(connection.request()),
              claimed(connection.request()),
              visitor -> open(connection, accepted, visitor));
    }
  }

  /** The id that the client says it has. */
  private Optional<String> claimed(Request request) {
    int own = path.length() - path.replace("/", "").length();
    return request.segments().size() > own
        ? Optional.of(request.segments().getLast())
        : Optional.empty();
  }

  private void open(Handover handover, AcceptedHandshake accepted, Entrance.Visitor visitor) {
    accepted.upgrade(
        handover.channel(),
        handover::leaveHttp,
        connection -> {
          WebSocketCarrier carrier = new WebSocketCarrier(connection);
          ClientSession session = entrance.open(handover, visitor, carrier);
          carrier.carry(session);
          if (session.isAdmitted()) {
            session.inbox().inTurn(session::greet);
          }
          return carrier;
        });
  }
}
