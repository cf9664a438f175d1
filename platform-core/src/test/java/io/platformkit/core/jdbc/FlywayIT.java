package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.bus.BusListener;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tables as Flyway makes them from the scripts of the library, beside tables of the host. */
@Timeout(120)
class FlywayIT {
  private static final byte[] DATA = "data".getBytes(UTF_8);

  private static Flyway flyway(DataSource dataSource, String database) {
    // @start region="flyway"
    return Flyway.configure()
        .dataSource(dataSource)
        .locations("classpath:io/platformkit/core/jdbc/" + database) // postgresql or sqlite
        .placeholders(Map.of("prefix", "app"))
        .table("app_migrations") // beside the history of the host's own scripts
        .baselineOnMigrate(true) // the schema may have tables of the host already
        .baselineVersion("0")
        .load();
    // @end
  }

  private static Jdbc.Builder opened(DataSource dataSource) {
    return Jdbc.builder(dataSource).prefix("app").createSchema(false);
  }

  private static void makeHostsTable(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE hosts_own (x INTEGER)");
    }
  }

  private static void assertMigratedOnce(Flyway flyway) {
    assertThat(flyway.migrate().migrationsExecuted).isEqualTo(2);
    assertThat(flyway.migrate().migrationsExecuted).isZero();
    flyway.validate();
  }

  /** Whether the tables are those that the ports of this version need. */
  private static void assertPortsWork(Jdbc jdbc) {
    KeyValueStore store = jdbc.keyValues();
    long version = store.put("k", DATA, Ttl.of(Duration.ofMinutes(1)));
    assertThat(store.get("k"))
        .hasValueSatisfying(found -> assertThat(found.version()).isEqualTo(version));
    EventLog log = jdbc.eventLog();
    log.append("s", "key", DATA).join();
    assertThat(((Read.Entries) log.read("s", Position.OLDEST, 10)).entries()).hasSize(1);
    assertThat(jdbc.leases().tryAcquire("l", Duration.ofMinutes(1))).isPresent();
    assertMetricsWork(jdbc.metricStore("m"));
  }

  private static void assertMetricsWork(MetricStore metrics) {
    Instant now = Instant.now();
    metrics.write(SeriesKey.of("cpu"), new long[] {now.toEpochMilli()}, new double[] {1}).join();
    MetricQuery all = MetricQuery.builder("cpu", now.minusSeconds(60), now.plusSeconds(60)).build();
    assertThat(metrics.query(all)).hasSize(1);
  }

  private static void assertBusWorks(MessageBus bus) {
    List<String> heard = new CopyOnWriteArrayList<>();
    bus.subscribe(
        "t",
        new BusListener() {
          @Override
          public void onMessage(byte[] data) {
            heard.add(new String(data, UTF_8));
          }

          @Override
          public void onMissed() {
            heard.add("missed");
          }
        });
    bus.publish("t", DATA).join();
    await().untilAsserted(() -> assertThat(heard).containsExactly("data"));
  }

  @Test
  void portsUseWhatFlywayHasMadeOnPostgreSql() throws SQLException {
    try (PostgresServer server = PostgresServer.durable();
        HikariDataSource pool = server.pool()) {
      makeHostsTable(pool);
      Flyway flyway = flyway(pool, "postgresql");
      assertMigratedOnce(flyway);
      try (Jdbc jdbc = opened(pool).listenerDataSource(pool).build()) {
        assertPortsWork(jdbc);
        assertBusWorks(jdbc.messageBus());
      }
      flyway.validate();
    }
  }

  @Test
  void portsUseWhatFlywayHasMadeOnSqlite(@TempDir Path dir) throws SQLException {
    try (HikariDataSource pool = SqliteServer.pool(dir.resolve("app.db"))) {
      makeHostsTable(pool);
      Flyway flyway = flyway(pool, "sqlite");
      assertMigratedOnce(flyway);
      try (Jdbc jdbc = opened(pool).build()) {
        assertPortsWork(jdbc);
      }
      flyway.validate();
    }
  }

  @Test
  void flywayTakesOverWhatTheLibraryHasMade(@TempDir Path dir) {
    try (HikariDataSource pool = SqliteServer.pool(dir.resolve("app.db"));
        Jdbc jdbc = Jdbc.builder(pool).prefix("app").build()) {
      assertPortsWork(jdbc);
      Flyway flyway =
          Flyway.configure()
              .configuration(flyway(pool, "sqlite").getConfiguration())
              .baselineVersion("2")
              .load();
      assertThat(flyway.migrate().migrationsExecuted).isZero();
      flyway.validate();
      assertThat(jdbc.keyValues().get("k")).isPresent();
    }
  }
}
