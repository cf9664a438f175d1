package io.platformkit.realtime.server;

import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.redis.Redis;
import io.platformkit.realtime.TopicOptions;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;

/** A node of its own process, to be killed. Prints where it listens. */
final class NodeChild {
  private NodeChild() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    RealtimeServer server =
        switch (args[0]) {
          case "redis" -> on(redis(port));
          case "postgres" -> on(postgres(PostgresServer.pool(port)));
          default -> throw new IllegalArgumentException("no server is '%s'".formatted(args[0]));
        };
    System.out.println("url " + server.uri() + ".");
    new CountDownLatch(1).await();
  }

  static Redis redis(int port) {
    return Redis.connect("redis://127.0.0.1:" + port);
  }

  static Jdbc postgres(DataSource pool) {
    return Jdbc.builder(pool).listenerDataSource(pool).build();
  }

  static RealtimeServer on(Redis redis) {
    return on(redis.eventLog(), redis.messageBus());
  }

  static RealtimeServer on(Jdbc postgres) {
    return on(postgres.eventLog(), postgres.messageBus());
  }

  /** As all nodes of these tests are. */
  static RealtimeServer on(EventLog log, MessageBus bus) {
    RealtimeServer server =
        RealtimeServer.builder()
            .log(log)
            .bus(bus)
            .signingKey(new byte[32])
            .topic("kept/*", TopicOptions.builder().history(100_000).build())
            .build();
    server.start();
    return server;
  }
}
