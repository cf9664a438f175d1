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
  protected ContractServer newServer() {
    return SqliteServer.create();
  }

  @Override
  protected KeyValueStore open(Way way, KeyValueOptions options) {
    SqliteServer asked = (SqliteServer) way.server();
    return closing(asked.jdbc(closing(asked.pool())).timeout(way.timeout()).build())
        .keyValues(options);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
