package io.platformkit.core.cache;

import java.util.Optional;

/**
 * A key's value in memory. Times are those of the timers, in nanoseconds.
 *
 * @param value empty if there is none; what callers get, so that a hit makes no object
 * @param dueAt when a caller has to look closer: the next refresh, or {@code freshUntil}
 * @param freshUntil when it has to be read anew
 * @param expiresAt when its own time is over
 * @param staleUntil until when it may stand in for a value that can't be loaded
 */
record Kept<V>(Optional<V> value, long dueAt, long freshUntil, long expiresAt, long staleUntil) {
  boolean isFresh(long now) {
    return now - freshUntil < 0;
  }

  boolean mayStandIn(long now) {
    return now - staleUntil < 0;
  }

  boolean isOver(long now) {
    return !isFresh(now) && !mayStandIn(now);
  }

  /** The same, to be looked at again at a time. */
  Kept<V> dueAt(long time) {
    return new Kept<>(value, time, freshUntil, expiresAt, staleUntil);
  }

  /** The same, fresh until a time although its own is over. */
  Kept<V> standingInUntil(long time) {
    return new Kept<>(value, time, time, expiresAt, staleUntil);
  }
}
