package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class SqliteMetricStoreIT extends JdbcMetricStoreContract {
  @TempDir private static Path folder;
  private static HikariDataSource pool;

  @BeforeAll
  static void openPool() {
    pool = SqliteServer.pool(folder.resolve("metrics.db"));
  }

  @AfterAll
  static void closePool() {
    pool.close();
  }

  @Override
  HikariDataSource pool() {
    return pool;
  }
}
