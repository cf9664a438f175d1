package io.platformkit.core.jdbc;

import io.platformkit.core.cache.SharedTierProofs;
import io.platformkit.core.store.KeyValueOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteTieredCacheIT extends SharedTierProofs {
  @TempDir Path folder;

  @Override
  protected Node newNode(KeyValueOptions namespace) {
    Jdbc jdbc = closing(Jdbc.on(closing(SqliteServer.pool(folder.resolve("cache.db")))));
    return new Node(jdbc.keyValues(namespace), jdbc.leases(namespace.namespace()));
  }
}
