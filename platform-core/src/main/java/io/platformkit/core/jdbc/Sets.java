package io.platformkit.core.jdbc;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Immutable sets as values of a map that keeps no empty ones. */
final class Sets {
  private Sets() {}

  /** The set, which may not be there yet, and one more. */
  static <T> Set<T> with(@Nullable Set<T> all, T added) {
    Set<T> more = all == null ? new HashSet<>() : new HashSet<>(all);
    more.add(added);
    return Set.copyOf(more);
  }

  /** The set without one; null if nothing is left. */
  static <T> @Nullable Set<T> without(Set<T> all, T removed) {
    Set<T> fewer = new HashSet<>(all);
    fewer.remove(removed);
    return fewer.isEmpty() ? null : Set.copyOf(fewer);
  }
}
