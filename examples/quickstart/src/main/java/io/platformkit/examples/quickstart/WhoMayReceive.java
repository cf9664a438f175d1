package io.platformkit.examples.quickstart;

import io.platformkit.core.identity.Authenticator;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.SlowConsumers;
import io.platformkit.realtime.TopicAccess;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.EventStream;
import io.platformkit.realtime.server.RealtimeServer;
import java.time.Duration;
import java.util.Map;

/** Sessions of known users, topics of one's own, a stream for browsers without a library. */
final class WhoMayReceive {
  private WhoMayReceive() {}

  static RealtimeServer server(Authenticator authenticator, KeyValueStore revocations) {
    // @start region="access"
    var own =
        TopicOptions.builder()
            .history(100)
            .subscribers(TopicAccess.owner("notifications/")) // notifications/ann is ann's alone
            .build();
    var prices =
        TopicOptions.builder()
            .slowConsumers(SlowConsumers.DISCONNECT) // who can't follow, comes back
            .publishers(TopicAccess.role("trader"))
            .build();

    return RealtimeServer.builder()
        .authenticator(authenticator) // of tokens or API keys, as for HTTP
        .revocations(revocations)
        .allowOrigin("https://app.example.org")
        .topic("notifications/*", own)
        .topic("prices/*", prices)
        .events(
            "/notifications/{user}",
            EventStream.of(request -> "notifications/" + request.pathVariable("user")).named())
        .build();
    // @end
  }

  static void send(RealtimeServer server) {
    // @start region="send"
    server
        .publish("notifications/ann", Message.of("reply", Map.of("from", "ben")).key("reply-7"))
        .join();
    server.send(Audience.user("ann"), Message.of("typing", Map.of("user_id", "ben"))).join();
    server.send(Audience.room("tea"), Message.of("bell", 1)).join();
    server.send(Audience.everyone(), Message.of("notice", "we stop at ten")).join();
    server.revoke("ben", Duration.ofHours(1)); // ends his sessions, on all nodes
    // @end
  }
}
