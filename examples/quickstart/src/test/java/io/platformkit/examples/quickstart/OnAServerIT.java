package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;
import redis.embedded.RedisServer;

class OnAServerIT {
  private static final String[] EVERYWHERE = {
    "there is: sepia", "2 order 7 was sent", "held: true", "held by two: false"
  };

  @Test
  void thePortsOfRedisDoTheSame() throws Exception {
    int port = freePort();
    RedisServer server = RedisServer.newRedisServer().port(port).setting("bind 127.0.0.1").build();
    server.start();
    try {
      assertThat(Output.of(args -> OnAServer.redis("redis://127.0.0.1:" + port)))
          .contains("changed: new-checkout")
          .contains(EVERYWHERE);
    } finally {
      server.stop();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void thePortsOfADatabaseDoTheSame(@TempDir Path folder) throws Exception {
    SQLiteDataSource sqlite = new SQLiteDataSource();
    sqlite.setUrl("jdbc:sqlite:" + folder.resolve("host.db"));

    assertThat(Output.of(args -> OnAServer.database(sqlite))).contains(EVERYWHERE).endsWith("[]");
  }
}
