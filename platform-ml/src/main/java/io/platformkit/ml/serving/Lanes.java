package io.platformkit.ml.serving;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.BatchStats;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import java.util.Optional;

/** How requests get to a model: rows of many together, or each alone. */
interface Lanes extends AutoCloseable {
  /** Computes; blocks. */
  Outcome run(Tensors inputs, Terms terms);

  /** How rows were computed together, if they were. */
  Optional<BatchStats> stats();

  /** What comes of a request whose thread was interrupted; it keeps its flag. */
  static Outcome interrupted(VersionId id, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new Outcome.Failed(new ModelException(id, "interrupted while waiting", cause));
  }

  @Override
  void close();
}
