package io.platformkit.benchmarks.realtime;

import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A process with our server: a topic with history on the log in memory, and one without. */
final class OurServer {
  static final String KEPT = "kept";
  static final String LIVE = "live";

  private OurServer() {}

  /** Publishes to the topic that the first argument names. */
  public static void main(String[] args) throws IOException {
    String topic = args[0];
    try (RealtimeServer server =
        RealtimeServer.builder()
            .topic(KEPT, TopicOptions.builder().history(1000).build())
            .connectionsPerAddress(20_000)
            .pingInterval(Duration.ofHours(1))
            .build()) {
      server.start();
      Orders.follow(
          server.uri().getPort(),
          () -> {
            CompletableFuture<?> unused = server.publish(topic, Message.of("tick", Orders.TEXT));
          });
    }
  }
}
