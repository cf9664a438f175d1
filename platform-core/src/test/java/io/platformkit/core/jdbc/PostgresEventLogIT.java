package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogContract;
import io.platformkit.core.log.EventLogOptions;

class PostgresEventLogIT extends EventLogContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected EventLog open(Way way, EventLogOptions options) {
    HikariDataSource pool = closing(PostgresServer.pool(way.port()));
    return closing(Jdbc.builder(pool).listenerDataSource(pool).timeout(way.timeout()).build())
        .eventLog(options);
  }
}
