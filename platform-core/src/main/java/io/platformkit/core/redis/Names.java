package io.platformkit.core.redis;

import io.platformkit.core.Bounds;
import java.nio.charset.StandardCharsets;

/**
 * How names become keys of the server: {@code prefix:use:namespace:name}. The namespace's own
 * colons are escaped, so no two names become one key.
 */
final class Names {
  private final String prefix;
  private final String namespace;

  /** Checks the namespace. */
  Names(String prefix, String namespace) {
    Bounds.requireName("namespace", namespace);
    this.prefix = prefix;
    this.namespace = escape(namespace);
  }

  private static String escape(String part) {
    return part.replace("%", "%25").replace(":", "%3A");
  }

  /** What is once for the namespace. */
  byte[] once(String use) {
    return bytes(prefix + ":" + use + ":" + namespace);
  }

  /** What the keys of a use begin with. */
  byte[] begin(String use) {
    return bytes(prefix + ":" + use + ":" + namespace + ":");
  }

  /** The key of a name that was checked. */
  static byte[] key(byte[] begin, byte[] name) {
    byte[] key = new byte[begin.length + name.length];
    System.arraycopy(begin, 0, key, 0, begin.length);
    System.arraycopy(name, 0, key, begin.length, name.length);
    return key;
  }

  /** The key of two names that were checked; no name has a NUL. */
  static byte[] key(byte[] begin, byte[] first, byte[] second) {
    byte[] key = new byte[begin.length + first.length + 1 + second.length];
    System.arraycopy(begin, 0, key, 0, begin.length);
    System.arraycopy(first, 0, key, begin.length, first.length);
    System.arraycopy(second, 0, key, begin.length + first.length + 1, second.length);
    return key;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
