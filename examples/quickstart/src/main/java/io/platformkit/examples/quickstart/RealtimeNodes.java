package io.platformkit.examples.quickstart;

import io.platformkit.core.redis.Redis;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.server.RealtimeServer;
import java.time.Duration;

/** The same server on several nodes. */
final class RealtimeNodes {
  private RealtimeNodes() {}

  static void run(String uri, byte[] key) {
    // @start region="nodes"
    try (var redis = Redis.connect(uri); // redis://localhost
        var server =
            RealtimeServer.builder()
                .log(redis.eventLog()) // histories
                .bus(redis.messageBus()) // everything else
                .signingKey(key) // the same on all nodes
                .drainWindow(Duration.ofSeconds(20)) // clients leave one after the other
                .topic("news/*", TopicOptions.builder().history(1000).build())
                .build()) {
      server.start();
      System.out.println(
          server.publish("news/today", Message.of("line", "hello")).join().duplicate());
    }
    // @end
  }
}
