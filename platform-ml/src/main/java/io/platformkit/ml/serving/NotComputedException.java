package io.platformkit.ml.serving;

import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Outcome;

/** Carries an outcome that is no prediction through the cache, which keeps nothing of it. */
final class NotComputedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  NotComputedException(Outcome outcome) {
    super(outcome.toString(), null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }

  /** The same as an answer. */
  <T> Served<T> served(VersionId id) {
    return Served.without(id, outcome);
  }
}
