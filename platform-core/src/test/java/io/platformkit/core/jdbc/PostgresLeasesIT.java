package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.lease.LeasesContract;

class PostgresLeasesIT extends LeasesContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected Leases open(Way way, String namespace) {
    HikariDataSource pool = closing(PostgresServer.pool(way.port()));
    return closing(Jdbc.builder(pool).timeout(way.timeout()).build()).leases(namespace);
  }
}
