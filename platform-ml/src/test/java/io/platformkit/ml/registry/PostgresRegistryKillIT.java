package io.platformkit.ml.registry;

import io.platformkit.core.ContractServer;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.jdbc.PostgresServer;
import io.platformkit.core.store.KeyValueOptions;

class PostgresRegistryKillIT extends RegistryKillContract {
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
    Jdbc jdbc = closing(Jdbc.on(closing(PostgresServer.patientPool(server.port()))));
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
