package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.redis.RedisServerProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnAServerIT {
  private static final String[] EVERYWHERE = {
    "there is: sepia", "2 order 7 was sent", "held: true", "held by two: false"
  };

  @Test
  void thePortsOfRedisDoTheSame() throws Exception {
    String uri = RedisServerProcess.shared().uri();

    assertThat(Output.of(args -> OnAServer.redis(uri)))
        .contains("changed: new-checkout")
        .contains(EVERYWHERE);
  }

  @Test
  void realtimeNodesShareARedis() throws Exception {
    String uri = RedisServerProcess.shared().uri();

    assertThat(Output.of(args -> RealtimeNodes.run(uri, new byte[32]))).containsExactly("false");
  }

  @Test
  void thePortsOfPostgreSqlDoTheSame() throws Exception {
    try (HikariDataSource pool = PostgresServer.shared().pool()) {
      assertThat(Output.of(args -> OnAServer.database(pool))).contains(EVERYWHERE).endsWith("[]");
    }
  }

  @Test
  void thePortsOfSqliteDoTheSame() throws Exception {
    try (SqliteServer file = SqliteServer.create();
        HikariDataSource pool = file.pool()) {
      assertThat(Output.of(args -> OnAServer.database(pool))).contains(EVERYWHERE).endsWith("[]");
    }
  }

  @Test
  void theVersionsOfAModelAreThereForTheNextProcess(@TempDir Path models) throws Exception {
    try (SqliteServer file = SqliteServer.create();
        HikariDataSource pool = file.pool();
        Jdbc jdbc = Jdbc.on(pool)) {
      VersionsOfAModel.register(VersionsOfAModel.onADatabase(jdbc, models));
      assertThat(
              Output.of(args ->
                  VersionsOfAModel.promoteAndRollBack(VersionsOfAModel.onADatabase(jdbc, models))))
          .contains("2026-01 is PRODUCTION");
    }
  }
}
