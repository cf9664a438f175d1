package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.redis.RedisServerProcess;
import io.platformkit.core.store.KeyValueOptions;

class RedisRegistryKillIT extends RegistryKillContract {
  @Override
  ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  String where(ContractServer server) {
    return "redis://127.0.0.1:" + server.port();
  }

  @Override
  Class<? extends RegistryOpener> opener() {
    return Opener.class;
  }

  @Override
  ModelRegistry open(ContractServer server) {
    return on(closing(Redis.connect(where(server))));
  }

  private static ModelRegistry on(Redis redis) {
    return ModelRegistry.builder(
            redis.keyValues(KeyValueOptions.of("models").scanned()), redis.eventLog())
        .build();
  }

  /** For the children. */
  public static final class Opener implements RegistryOpener {
    @Override
    public ModelRegistry open(String where) {
      return on(Redis.connect(where));
    }
  }
}
