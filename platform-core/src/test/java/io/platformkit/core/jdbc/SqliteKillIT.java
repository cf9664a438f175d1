package io.platformkit.core.jdbc;

import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.KillContract;
import io.platformkit.core.log.LogOpener;
import java.nio.file.Path;

class SqliteKillIT extends KillContract {
  @Override
  protected ContractServer newServer() {
    return SqliteServer.ofChildren();
  }

  @Override
  protected EventLog open(ContractServer server) {
    Jdbc jdbc = closing(Jdbc.on(closing(SqliteServer.pool(Path.of(where(server))))));
    return jdbc.eventLog();
  }

  @Override
  protected Class<? extends LogOpener> opener() {
    return Opener.class;
  }

  @Override
  protected String where(ContractServer server) {
    return ((SqliteServer.OfChildren) server).file().toString();
  }

  /** For the child. */
  public static final class Opener implements LogOpener {
    @Override
    public EventLog open(String where) {
      return Jdbc.on(SqliteServer.pool(Path.of(where))).eventLog();
    }
  }
}
