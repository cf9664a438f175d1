package io.platformkit.core.cache;

import java.util.Objects;
import java.util.function.Function;

/**
 * Keys as names, for tiers, leases and messages to other nodes. Two keys are equal if and only if
 * their names are. Safe for concurrent use.
 */
public interface KeyCodec<K> {
  /** The name of a key; with the cache's own before it, at most 512 bytes of UTF-8. */
  String name(K key);

  /** The key of a name. */
  K key(String name);

  /**
   * Two functions, each the other's inverse: {@code KeyCodec.of(Object::toString, Long::valueOf)}.
   */
  static <K> KeyCodec<K> of(Function<? super K, String> name, Function<String, ? extends K> key) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(key, "key");
    return new KeyCodec<>() {
      @Override
      public String name(K one) {
        return name.apply(one);
      }

      @Override
      public K key(String of) {
        return key.apply(of);
      }
    };
  }

  /** Keys that are names already. */
  static KeyCodec<String> text() {
    return of(Function.identity(), Function.identity());
  }
}
