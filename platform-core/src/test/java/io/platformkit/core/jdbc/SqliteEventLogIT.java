package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogContract;
import io.platformkit.core.log.EventLogOptions;
import org.junit.jupiter.api.AfterAll;

class SqliteEventLogIT extends EventLogContract {
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
  protected EventLog open(Way way, EventLogOptions options) {
    SqliteServer asked = (SqliteServer) way.server();
    return closing(asked.jdbc(closing(asked.pool())).timeout(way.timeout()).build())
        .eventLog(options);
  }

  @AfterAll
  void removeFile() {
    file.close();
  }
}
