package io.platformkit.core.cache;

import java.util.Map;
import java.util.Set;

/** A {@link Loader} of many keys in one call, under the same terms. */
@FunctionalInterface
public interface BulkLoader<K, V> {
  /**
   * The values of those keys that have one; a key that is not in the answer has none.
   *
   * @throws Exception as {@link Loader#load}, for all of the keys
   */
  Map<K, V> loadAll(Set<K> keys) throws Exception;
}
