package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogContract;
import io.platformkit.core.log.EventLogOptions;

class RedisEventLogIT extends EventLogContract {
  @Override
  protected ContractServer server() {
    return RedisServerProcess.shared();
  }

  @Override
  protected ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  protected EventLog open(Way way, EventLogOptions options) {
    return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
        .eventLog(options);
  }
}
