package io.platformkit.core.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.KillContract;
import io.platformkit.core.log.LogOpener;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class SqliteKillIT extends KillContract {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /** A file that the child writes: it is killed, and there is nothing else that could be. */
  private record ChildsFile(SqliteServer server) implements ContractServer {
    @Override
    public String version() {
      return server.version();
    }

    @Override
    public Set<Feature> features() {
      return Set.of();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @Override
  protected ContractServer newServer() {
    return new ChildsFile(SqliteServer.create());
  }

  @Override
  protected EventLog open(ContractServer server) {
    HikariDataSource pool = SqliteServer.pool(Path.of(where(server)));
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
    return ((ChildsFile) server).server.file().toString();
  }

  /** For the child. */
  public static final class Opener implements LogOpener {
    @Override
    public EventLog open(String where) {
      return Jdbc.on(SqliteServer.pool(Path.of(where))).eventLog();
    }
  }
}
