package io.platformkit.ml.registry;

import com.zaxxer.hikari.HikariDataSource;
import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.store.KeyValueOptions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

class PostgresRegistryKillIT extends RegistryKillContract {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Override
  ContractServer newServer() {
    return PostgresServer.durable();
  }

  @Override
  String where(ContractServer server) {
    return Integer.toString(server.port());
  }

  @Override
  Class<? extends RegistryOpener> opener() {
    return Opener.class;
  }

  @Override
  ModelRegistry open(ContractServer server) {
    HikariDataSource pool = PostgresServer.patientPool(server.port());
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
      return on(Jdbc.on(PostgresServer.patientPool(Integer.parseInt(where))));
    }
  }
}
