package io.platformkit.ml.batching;

import java.time.Duration;
import java.util.List;

/**
 * What a batcher has done so far.
 *
 * @param rows computed, of all requests
 * @param batches in which they were
 * @param waitingRows in the queue at this moment
 * @param waitP50 of the last requests, a thousand a lane: half of them waited no longer
 * @param waitP99 of the last requests: 99 of 100 waited no longer
 * @param shed requests that got {@link Outcome.Overloaded}, by reason and priority; without zeros
 * @param expired requests that got {@link Outcome.Expired}
 * @param failed requests that got {@link Outcome.Failed}
 * @param cancelled requests whose caller did not wait for an outcome
 */
public record BatchStats(
    long rows,
    long batches,
    int waitingRows,
    Duration waitP50,
    Duration waitP99,
    List<Shed> shed,
    long expired,
    long failed,
    long cancelled) {
  public BatchStats {
    shed = List.copyOf(shed);
  }

  /** How many rows a batch had on average; 0 before the first. */
  public double meanRows() {
    return batches == 0 ? 0 : (double) rows / batches;
  }

  /** How many requests got {@link Outcome.Overloaded}, for whatever reason. */
  public long allShed() {
    return shed.stream().mapToLong(Shed::requests).sum();
  }

  /**
   * Requests that got {@link Outcome.Overloaded}.
   *
   * @param reason as in the outcome
   */
  public record Shed(String reason, Priority priority, long requests) {}
}
