package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.KillContract;
import io.platformkit.core.log.LogOpener;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

class PostgresKillIT extends KillContract {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Override
  protected ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  protected EventLog open(ContractServer server) {
    HikariDataSource pool = PostgresServer.patientPool(server.port());
    Jdbc jdbc = Jdbc.on(pool);
    opened.push(pool);
    opened.push(jdbc);
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
