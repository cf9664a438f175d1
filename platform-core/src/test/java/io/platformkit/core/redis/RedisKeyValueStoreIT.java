package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.KeyValueStoreContract;

class RedisKeyValueStoreIT extends KeyValueStoreContract {
  @Override
  protected ContractServer server() {
    return RedisServerProcess.shared();
  }

  @Override
  protected ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  protected KeyValueStore open(Way way, KeyValueOptions options) {
    return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
        .keyValues(options);
  }
}
