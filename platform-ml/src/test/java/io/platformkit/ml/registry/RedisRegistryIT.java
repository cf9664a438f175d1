package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.redis.RedisServerProcess;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;

class RedisRegistryIT extends ModelRegistryContract {
  @Override
  protected ContractServer server() {
    return RedisServerProcess.shared();
  }

  private Redis open() {
    return closing(Redis.connect(RedisServerProcess.shared().uri()));
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
