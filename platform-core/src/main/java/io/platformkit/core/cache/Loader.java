package io.platformkit.core.cache;

import java.util.Optional;

/**
 * Where values come from when no tier has them. Called on virtual threads, by many at once, each
 * for another key; may block, and should end when interrupted: that is how a load ends that takes
 * longer than the cache's {@code loadTimeout}.
 */
@FunctionalInterface
public interface Loader<K, V> {
  /**
   * The value of a key, or empty if there is none, which is cached too.
   *
   * @throws Exception whoever waits for this load gets it as the cause of a {@link
   *     LoadFailedException}; nothing is cached, and the next call loads again
   */
  Optional<V> load(K key) throws Exception;
}
