package io.platformkit.core.cache;

import io.platformkit.core.lease.InMemoryLeases;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;

class SharedMemoryTierTest extends SharedTierProofs {
  private final KeyValueStore store =
      closing(InMemoryKeyValueStore.builder().scannable(true).build());
  private final Leases leases = closing(InMemoryLeases.create());

  @Override
  protected Node newNode(KeyValueOptions namespace) {
    return new Node(store, leases);
  }
}
