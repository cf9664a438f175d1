package io.platformkit.ml.serving;

import io.platformkit.core.cache.CacheStats;
import java.time.Duration;
import java.util.List;

/**
 * What a server was asked since it was started.
 *
 * @param requests all of them, also for versions that have left
 * @param errors those without an answer
 * @param cached those that had been computed before
 * @param mean from a request to its answer, of all that were answered
 * @param loaded the versions in memory, by model and version
 * @param caches what the prediction cache did; empty if there is none
 */
public record ServerStatistics(
    long requests,
    long errors,
    long cached,
    Duration mean,
    List<VersionStatistics> loaded,
    List<CacheStats> caches) {
  public ServerStatistics {
    loaded = List.copyOf(loaded);
    caches = List.copyOf(caches);
  }

  /** The share of answers that were in the cache, 0 to 1. */
  public double cacheHitRate() {
    long answered = requests - errors;
    return answered == 0 ? 0 : (double) cached / answered;
  }
}
