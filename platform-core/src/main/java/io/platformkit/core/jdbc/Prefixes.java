package io.platformkit.core.jdbc;

import java.util.Optional;

/** Ranges of names that begin alike, for indexes that go by code points. */
final class Prefixes {
  private Prefixes() {}

  /** The first name after all that begin with the prefix; empty if there is none. */
  static Optional<String> end(String prefix) {
    int[] points = prefix.codePoints().toArray();
    for (int i = points.length - 1; i >= 0; i--) {
      if (points[i] < Character.MAX_CODE_POINT) {
        int next = points[i] + 1;
        points[i] = next == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : next;
        return Optional.of(new String(points, 0, i + 1));
      }
    }
    return Optional.empty();
  }
}
