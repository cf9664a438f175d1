package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.identity.ApiKeys;
import io.platformkit.core.identity.ApiKeysContract;
import io.platformkit.core.store.KeyValueOptions;
import org.junit.jupiter.api.AfterEach;

class SqliteApiKeysIT extends ApiKeysContract {
  private final SqliteServer file = SqliteServer.create();
  private final HikariDataSource pool = file.pool();
  private final Jdbc jdbc = file.jdbc(pool).build();

  @Override
  protected ApiKeys.Builder place() {
    return ApiKeys.builder(jdbc.keyValues(KeyValueOptions.of("keys").scanned()));
  }

  @AfterEach
  void close() {
    jdbc.close();
    pool.close();
    file.close();
  }
}
