package io.platformkit.core.cache;

import java.util.List;

/**
 * What a cache has done since it was built.
 *
 * @param cache its name
 * @param entries about how many it has in memory now
 * @param tiers in the order in which they are asked; memory, {@code "l1"}, first
 * @param loads calls of a loader that ended, single or bulk
 * @param loadFailures those of them that threw or took too long
 * @param staleServed answers with a value beyond its time, because a load had failed
 * @param refreshes values that were loaded ahead of their end
 * @param refreshFailures those of them that failed
 * @param superseded values that a load did not store, because the key was changed meanwhile
 * @param invalidations keys that this node has invalidated
 * @param drops how often all of the memory was dropped, as messages were perhaps missed
 */
public record CacheStats(
    String cache,
    long entries,
    List<Tier> tiers,
    long loads,
    long loadFailures,
    long staleServed,
    long refreshes,
    long refreshFailures,
    long superseded,
    long invalidations,
    long drops) {
  /** Copies. */
  public CacheStats {
    tiers = List.copyOf(tiers);
  }

  /**
   * What one tier has done.
   *
   * @param tier {@code "l1"}, {@code "l2"}, …
   * @param hits keys that it had
   * @param misses keys that it did not have
   * @param timeouts calls that took longer than {@code tierTimeout}
   * @param failures calls that failed otherwise
   * @param skipped calls that were not made, as the tier had failed before
   * @param unreadable values that could not be decoded
   */
  public record Tier(
      String tier,
      long hits,
      long misses,
      long timeouts,
      long failures,
      long skipped,
      long unreadable) {
    /** The share of the asked keys that it had, from 0 to 1; 0 if it was not asked. */
    public double hitRate() {
      return hits == 0 ? 0 : (double) hits / (hits + misses);
    }
  }
}
