package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/** A file of SQLite in a folder of its own, by virtual time. */
final class SqliteServer implements ContractServer {
  private final Path dir;
  private final String version;
  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);

  private SqliteServer() {
    try {
      dir = Files.createTempDirectory("platform-sqlite");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    version = findVersion();
  }

  /** An empty file. */
  static SqliteServer create() {
    return new SqliteServer();
  }

  SettableClock clock() {
    return clock;
  }

  Path file() {
    return dir.resolve("platform.db");
  }

  ManualTimers timers() {
    return timers;
  }

  @Override
  public String version() {
    return version;
  }

  private String findVersion() {
    try (HikariDataSource pool = pool();
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      return "SQLite " + row.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Set<Feature> features() {
    return Set.of(Feature.CLOCK);
  }

  @Override
  public void pass(Duration time) {
    timers.advance(time);
  }

  /** What the host would write. */
  Jdbc.Builder jdbc(HikariDataSource pool) {
    return Jdbc.builder(pool).clock(clock);
  }

  /** A pool as hosts have one. */
  HikariDataSource pool() {
    return pool(file());
  }

  /** A pool as hosts have one. */
  static HikariDataSource pool(Path file) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:sqlite:" + file);
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(2_000);
    return new HikariDataSource(config);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
