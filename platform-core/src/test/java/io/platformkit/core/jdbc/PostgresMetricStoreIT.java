package io.platformkit.core.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresMetricStoreIT extends JdbcMetricStoreContract {
  private static HikariDataSource pool;

  @BeforeAll
  static void openPool() {
    pool = PostgresServer.pool(PostgresServer.shared().port());
  }

  @AfterAll
  static void closePool() {
    pool.close();
  }

  @Override
  HikariDataSource pool() {
    return pool;
  }

  private static int partitions() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_inherits WHERE inhparent = 'dropping_metric_samples'::regclass")) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void aDayThatNoNamespaceKeepsIsDroppedAsAWhole() throws SQLException {
    SettableClock clock = SettableClock.create();
    ManualTimers timers = ManualTimers.with(clock);
    try (Jdbc jdbc = Jdbc.builder(pool).prefix("dropping").clock(clock).timers(timers).build()) {
      MetricStore brief = jdbc.metricStore().retention(Duration.ofDays(1)).open();
      jdbc.metricStore().namespace("longer").retention(Duration.ofDays(3)).open();
      brief.write(SeriesKey.of("cpu"), new long[] {clock.millis()}, new double[] {1}).join();
      assertThat(partitions()).isOne();

      clock.advance(Duration.ofDays(3));
      timers.advance(Duration.ofMinutes(1));
      assertThat(partitions()).isOne();

      clock.advance(Duration.ofDays(1));
      timers.advance(Duration.ofMinutes(1));
      assertThat(partitions()).isZero();
    }
  }
}
