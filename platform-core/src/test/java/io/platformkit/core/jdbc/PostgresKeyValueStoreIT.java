package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.KeyValueStoreContract;

class PostgresKeyValueStoreIT extends KeyValueStoreContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected KeyValueStore open(Way way, KeyValueOptions options) {
    return closing(
            Jdbc.builder(closing(PostgresServer.pool(way.port()))).timeout(way.timeout()).build())
        .keyValues(options);
  }
}
