package io.platformkit.realtime.server;

import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.PostgresServer;

class PostgresChaosIT extends ServerChaosContract {
  @Override
  ContractServer server() {
    return PostgresServer.shared();
  }

  @Override
  RealtimeServer newNode(int port) {
    return closing(NodeChild.on(closing(NodeChild.postgres(closing(PostgresServer.pool(port))))));
  }

  @Override
  String kind() {
    return "postgres";
  }
}
