package io.platformkit.core.health;

import java.util.OptionalDouble;

/** How often a tier of a cache had what it was asked for. */
public record HitCount(long hits, long misses) {
  /** From 0 to 1; empty if it was never asked. */
  public OptionalDouble hitRate() {
    long all = hits + misses;
    return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) hits / all);
  }
}
