package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.redis.RedisServerProcess;
import org.junit.jupiter.api.Test;

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
}
