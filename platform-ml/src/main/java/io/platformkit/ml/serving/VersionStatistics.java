package io.platformkit.ml.serving;

import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.BatchStats;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a version was asked since it was loaded, and how it answered.
 *
 * @param done requests that were computed
 * @param cached requests that had been computed before
 * @param refused requests that the model does not take
 * @param overloaded requests that there was no room for
 * @param expired requests whose time was over before it was their turn
 * @param failed requests whose run failed
 * @param lastMinute how many were answered in about the last minute
 * @param p50 half of those took at most so long
 * @param p99 99 of 100 of those took at most so long
 * @param mean of all that were answered
 * @param bytes what it counts for in memory
 * @param batches how its rows were computed together; empty if each request is computed alone
 */
public record VersionStatistics(
    VersionId id,
    long done,
    long cached,
    long refused,
    long overloaded,
    long expired,
    long failed,
    long lastMinute,
    Duration p50,
    Duration p99,
    Duration mean,
    long bytes,
    Optional<BatchStats> batches) {
  /** By model, then by version. */
  static final Comparator<VersionStatistics> BY_NAME =
      Comparator.comparing((VersionStatistics one) -> one.id().model())
          .thenComparing(one -> one.id().version());

  /** All requests. */
  public long requests() {
    return done + cached + refused + overloaded + expired + failed;
  }

  /** Requests without an answer. */
  public long errors() {
    return refused + overloaded + expired + failed;
  }

  /** The share of answers that were in the cache, 0 to 1. */
  public double cacheHitRate() {
    long answered = done + cached;
    return answered == 0 ? 0 : (double) cached / answered;
  }
}
