package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.KillContract;
import io.platformkit.core.log.LogOpener;

class PostgresKillIT extends KillContract {
  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected EventLog open(ContractServer server) {
    Jdbc jdbc = closing(Jdbc.on(closing(PostgresServer.patientPool(server.port()))));
    return jdbc.eventLog();
  }

  @Override
  protected Class<? extends LogOpener> opener() {
    return Opener.class;
  }

  @Override
  protected String where(ContractServer server) {
    return Integer.toString(server.port());
  }

  /** For the child. */
  public static final class Opener implements LogOpener {
    @Override
    public EventLog open(String where) {
      return Jdbc.on(PostgresServer.patientPool(Integer.parseInt(where))).eventLog();
    }
  }
}
