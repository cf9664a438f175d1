package io.platformkit.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.redis.RedisServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers that are stopped and started: every check sees both. */
class ChecksIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static Health.Builder health() {
    return Health.builder("test").timeout(TIMEOUT).cacheFor(Duration.ZERO);
  }

  private static void awaitAll(Health health, HealthStatus status) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(health.report().checks())
                .allSatisfy(check ->
                    assertThat(check.result().status())
                        .as("%s: %s", check.name(), check.result().detail())
                        .isEqualTo(status)));
  }

  private static void assertAllUnhealthy(Health health) throws InterruptedException {
    HealthReport report = health.report();
    assertThat(report.status()).isEqualTo(HealthStatus.UNHEALTHY);
    assertThat(report.checks())
        .allSatisfy(check ->
            assertThat(check.result().status()).as(check.name()).isEqualTo(HealthStatus.UNHEALTHY));
  }

  @Test
  void redisStopsAndComesBack() throws Exception {
    try (RedisServerProcess server = RedisServerProcess.startDurable();
        Redis redis = Redis.connect(server.uri())) {
      Health health =
          health()
              .check("keys", Checks.keyValues(redis.keyValues()))
              .check("log", Checks.eventLog(redis.eventLog()))
              .check("bus", Checks.messageBus(redis.messageBus()))
              .check("leases", Checks.leases(redis.leases()))
              .build();
      awaitAll(health, HealthStatus.HEALTHY);

      server.kill();
      assertAllUnhealthy(health);

      server.boot();
      awaitAll(health, HealthStatus.HEALTHY);
    }
  }

  @Test
  void postgreSqlStopsAndComesBack() throws Exception {
    try (PostgresServer server = PostgresServer.durable();
        HikariDataSource pool = server.pool();
        HikariDataSource other = server.pool();
        Jdbc jdbc = Jdbc.builder(pool).listenerDataSource(server.plain()).build()) {
      Health health =
          health()
              .check("database", Checks.database(other))
              .check("keys", Checks.keyValues(jdbc.keyValues()))
              .check("log", Checks.eventLog(jdbc.eventLog()))
              .check("bus", Checks.messageBus(jdbc.messageBus()))
              .check("leases", Checks.leases(jdbc.leases()))
              .check("metrics", Checks.metricStore(jdbc.metricStore("m")))
              .build();
      awaitAll(health, HealthStatus.HEALTHY);

      server.kill();
      assertAllUnhealthy(health);

      server.boot();
      awaitAll(health, HealthStatus.HEALTHY);
    }
  }

  @Test
  void sqliteIsLockedAndReleased() throws Exception {
    try (SqliteServer file = SqliteServer.create();
        HikariDataSource pool = file.pool();
        HikariDataSource other = file.pool();
        Jdbc jdbc = file.jdbc(pool).build()) {
      Health health = health().check("leases", Checks.leases(jdbc.leases())).build();
      Health reading =
          health()
              .check("keys", Checks.keyValues(jdbc.keyValues()))
              .check("log", Checks.eventLog(jdbc.eventLog()))
              .check("metrics", Checks.metricStore(jdbc.metricStore("m")))
              .check("database", Checks.database(other))
              .build();
      awaitAll(health, HealthStatus.HEALTHY);
      awaitAll(reading, HealthStatus.HEALTHY);

      try (Connection locking = other.getConnection();
          Statement statement = locking.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        assertAllUnhealthy(health);
        statement.execute("ROLLBACK");
      }
      awaitAll(health, HealthStatus.HEALTHY);
    }
  }

  @Test
  void aClosedBusIsUnhealthy() throws Exception {
    InMemoryMessageBus bus = InMemoryMessageBus.create();
    Health health = health().check("bus", Checks.messageBus(bus)).build();
    awaitAll(health, HealthStatus.HEALTHY);

    bus.close();
    assertAllUnhealthy(health);
  }

  @Test
  void aDiskIsAsHealthyAsItHasSpace(@TempDir Path folder) throws Exception {
    assertThat(Checks.diskSpace(folder, 1, 0).check().status()).isEqualTo(HealthStatus.HEALTHY);
    assertThat(Checks.diskSpace(folder, Long.MAX_VALUE, 0).check().status())
        .isEqualTo(HealthStatus.DEGRADED);
    assertThat(Checks.diskSpace(folder, Long.MAX_VALUE, Long.MAX_VALUE).check().status())
        .isEqualTo(HealthStatus.UNHEALTHY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Checks.diskSpace(folder, 1, 2))
        .withMessage("unhealthyBelow was '2' but it must be from 0 to degradedBelow, 1");
    Health gone = health().check("disk", Checks.diskSpace(folder.resolve("none"), 1, 0)).build();
    assertAllUnhealthy(gone);
  }
}
