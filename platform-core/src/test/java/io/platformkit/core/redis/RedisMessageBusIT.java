package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.MessageBusContract;

class RedisMessageBusIT extends MessageBusContract {
  @Override
  protected ContractServer server() {
    return RedisServerProcess.shared();
  }

  @Override
  protected ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  protected MessageBus open(Way way, String namespace) {
    return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
        .messageBus(namespace);
  }
}
