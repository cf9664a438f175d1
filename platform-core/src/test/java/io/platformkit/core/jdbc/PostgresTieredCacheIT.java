package io.platformkit.core.jdbc;

import io.platformkit.core.cache.SharedTierProofs;
import io.platformkit.core.store.KeyValueOptions;

class PostgresTieredCacheIT extends SharedTierProofs {
  @Override
  protected Node newNode(KeyValueOptions namespace) {
    Jdbc jdbc = closing(Jdbc.on(closing(PostgresServer.shared().pool())));
    return new Node(jdbc.keyValues(namespace), jdbc.leases(namespace.namespace()));
  }
}
