package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;

class PostgresRegistryIT extends ModelRegistryContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  private Jdbc open() {
    return closing(Jdbc.on(closing(PostgresServer.pool(server().port()))));
  }

  @Override
  KeyValueStore openStore(KeyValueOptions options) {
    return open().keyValues(options);
  }

  @Override
  EventLog openLog(EventLogOptions options) {
    return open().eventLog(options);
  }
}
