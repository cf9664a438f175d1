package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.bus.MessageBusContract;

class PostgresMessageBusIT extends MessageBusContract {
  @Override
  protected ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected MessageBus open(Way way, String namespace) {
    HikariDataSource pool = closing(PostgresServer.pool(way.port()));
    return closing(Jdbc.builder(pool).listenerDataSource(pool).timeout(way.timeout()).build())
        .messageBus(namespace);
  }
}
