package io.platformkit.core.redis;

import io.platformkit.core.ContractServer;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.lease.LeasesContract;

class RedisLeasesIT extends LeasesContract {
  @Override
  protected ContractServer server() {
    return RedisServerProcess.shared();
  }

  @Override
  protected ContractServer newServer() {
    return RedisServerProcess.startDurable();
  }

  @Override
  protected Leases open(Way way, String namespace) {
    return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
        .leases(namespace);
  }
}
