package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.KeyValueStoreContract;
import org.junit.jupiter.api.AfterAll;

class SqliteKeyValueStoreIT extends KeyValueStoreContract {
  private final SqliteServer file = SqliteServer.create();

  @Override
  protected ContractServer server() {
    return file;
  }

  @Override
  protected KeyValueStore open(Way way, KeyValueOptions options) {
    return closing(file.jdbc(closing(file.pool())).timeout(way.timeout()).build())
        .keyValues(options);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
