package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import org.junit.jupiter.api.AfterAll;

class SqliteRegistryIT extends ModelRegistryContract {
  private final SqliteServer file = SqliteServer.create();

  @Override
  protected ContractServer server() {
    return file;
  }

  @Override
  KeyValueStore openStore(KeyValueOptions options) {
    return closing(file.jdbc(closing(file.pool())).build()).keyValues(options);
  }

  @Override
  EventLog openLog(EventLogOptions options) {
    return closing(file.jdbc(closing(file.pool())).build()).eventLog(options);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
