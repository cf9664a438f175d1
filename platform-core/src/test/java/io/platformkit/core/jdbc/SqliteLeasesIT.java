package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.lease.LeasesContract;
import org.junit.jupiter.api.AfterAll;

class SqliteLeasesIT extends LeasesContract {
  private final SqliteServer file = SqliteServer.create();

  @Override
  protected ContractServer server() {
    return file;
  }

  @Override
  protected ContractServer newServer() {
    return SqliteServer.create();
  }

  @Override
  protected Leases open(Way way, String namespace) {
    SqliteServer asked = (SqliteServer) way.server();
    return closing(
            asked.jdbc(closing(asked.pool())).timers(asked.timers()).timeout(way.timeout()).build())
        .leases(namespace);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
