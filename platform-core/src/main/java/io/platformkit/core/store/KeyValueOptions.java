package io.platformkit.core.store;

import io.platformkit.core.Bounds;

/**
 * What a host says of a namespace when it opens it.
 *
 * @param namespace keeps its keys apart from those of others: a use, or a tenant
 * @param scannable whether {@link KeyValueStore#scan} works; costs an index on some servers, so
 *     that every process must say the same of a namespace
 */
public record KeyValueOptions(String namespace, boolean scannable) {
  /** Checks. */
  public KeyValueOptions {
    Bounds.requireName("namespace", namespace);
  }

  /** A namespace that can't be scanned. */
  public static KeyValueOptions of(String namespace) {
    return new KeyValueOptions(namespace, false);
  }

  /** The same namespace, to be scanned. */
  public KeyValueOptions scanned() {
    return new KeyValueOptions(namespace, true);
  }
}
