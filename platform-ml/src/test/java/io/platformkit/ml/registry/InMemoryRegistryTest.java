package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.EmbeddedServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;

class InMemoryRegistryTest extends ModelRegistryContract {
  private final EmbeddedServer memory = EmbeddedServer.of("memory");

  @Override
  protected ContractServer server() {
    return memory;
  }

  @Override
  KeyValueStore openStore(KeyValueOptions options) {
    return memory.port(options, () -> InMemoryKeyValueStore.builder().scannable(true).build());
  }

  @Override
  EventLog openLog(EventLogOptions options) {
    return memory.port(options, InMemoryEventLog::create);
  }
}
