package io.platformkit.realtime.server;

import io.platformkit.core.redis.Redis;
import io.platformkit.realtime.TopicOptions;
import java.util.concurrent.CountDownLatch;

/** A node of its own process, to be killed. Prints where it listens. */
final class NodeChild {
  private NodeChild() {}

  public static void main(String[] args) throws Exception {
    RealtimeServer server = on(Redis.connect(args[0]));
    System.out.println("url " + server.uri() + ".");
    new CountDownLatch(1).await();
  }

  /** As all nodes of the tests are. */
  static RealtimeServer on(Redis redis) {
    RealtimeServer server =
        RealtimeServer.builder()
            .log(redis.eventLog())
            .bus(redis.messageBus())
            .signingKey(new byte[32])
            .topic("kept/*", TopicOptions.builder().history(100_000).build())
            .build();
    server.start();
    return server;
  }
}
