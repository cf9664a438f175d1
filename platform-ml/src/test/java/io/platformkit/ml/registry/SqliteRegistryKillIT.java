package io.platformkit.ml.registry;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.store.KeyValueOptions;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class SqliteRegistryKillIT extends RegistryKillContract {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  /** A file that the children write: they are killed, and there is nothing else that could be. */
  private record ChildrensFile(SqliteServer server) implements ContractServer {
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
  ContractServer newServer() {
    return new ChildrensFile(SqliteServer.create());
  }

  @Override
  String where(ContractServer server) {
    return ((ChildrensFile) server).server.file().toString();
  }

  @Override
  Class<? extends RegistryOpener> opener() {
    return Opener.class;
  }

  @Override
  ModelRegistry open(ContractServer server) {
    HikariDataSource pool = SqliteServer.pool(Path.of(where(server)));
    Jdbc jdbc = Jdbc.on(pool);
    opened.push(pool);
    opened.push(jdbc);
    return on(jdbc);
  }

  private static ModelRegistry on(Jdbc jdbc) {
    return ModelRegistry.builder(
            jdbc.keyValues(KeyValueOptions.of("models").scanned()), jdbc.eventLog())
        .build();
  }

  /** For the children. */
  public static final class Opener implements RegistryOpener {
    @Override
    public ModelRegistry open(String where) {
      return on(Jdbc.on(SqliteServer.pool(Path.of(where))));
    }
  }
}
