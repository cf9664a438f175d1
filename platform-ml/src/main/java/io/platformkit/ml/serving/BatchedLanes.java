package io.platformkit.ml.serving;

import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.BatchStats;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import java.util.Optional;

/** Rows of many requests together. */
final class BatchedLanes implements Lanes {
  private final VersionId id;
  private final Batcher batcher;

  /** Warms up each size of batch, and starts. */
  BatchedLanes(VersionId id, Batcher batcher) {
    this.id = id;
    this.batcher = batcher;
    batcher.warmUp();
    batcher.start();
  }

  @Override
  public Outcome run(Tensors inputs, Terms terms) {
    try {
      return batcher.run(inputs, terms);
    } catch (InterruptedException e) {
      return Lanes.interrupted(id, e);
    }
  }

  @Override
  public Optional<BatchStats> stats() {
    return Optional.of(batcher.stats());
  }

  @Override
  public void close() {
    batcher.close();
  }
}
