package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.SqliteServer;
import io.platformkit.core.store.KeyValueOptions;
import java.nio.file.Path;

class SqliteRegistryKillIT extends RegistryKillContract {
  @Override
  ContractServer newServer() {
    return SqliteServer.ofChildren();
  }

  @Override
  String where(ContractServer server) {
    return ((SqliteServer.OfChildren) server).file().toString();
  }

  @Override
  Class<? extends RegistryOpener> opener() {
    return Opener.class;
  }

  @Override
  ModelRegistry open(ContractServer server) {
    Jdbc jdbc = closing(Jdbc.on(closing(SqliteServer.pool(Path.of(where(server))))));
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
