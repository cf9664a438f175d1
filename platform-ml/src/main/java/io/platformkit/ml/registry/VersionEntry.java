package io.platformkit.ml.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * What a model's document says of one version.
 *
 * @param facts the key of its facts is made with it; random, since a lost registration leaves some
 * @param registered sequence of its first transition
 * @param moved sequence of its last one
 * @param createdAt when it was registered
 * @param deployedAt when it last went into production
 * @param retiredAt when another took over from it, while it is retired
 */
record VersionEntry(
    Stage stage,
    String facts,
    long registered,
    long moved,
    Instant createdAt,
    Optional<Instant> deployedAt,
    Optional<Instant> retiredAt) {

  static VersionEntry first(String facts, long sequence, Instant at) {
    return new VersionEntry(
        Stage.TRAINING, facts, sequence, sequence, at, Optional.empty(), Optional.empty());
  }

  VersionEntry moved(Stage to, long sequence, Instant at) {
    return new VersionEntry(
        to,
        facts,
        registered,
        sequence,
        createdAt,
        to == Stage.PRODUCTION ? Optional.of(at) : deployedAt,
        to == Stage.RETIRED ? Optional.of(at) : Optional.empty());
  }
}
