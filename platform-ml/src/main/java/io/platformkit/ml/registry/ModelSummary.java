package io.platformkit.ml.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * A model in short.
 *
 * @param model its name
 * @param versions how many there are
 * @param production the version that serves
 * @param createdAt when its first version was registered
 * @param changedAt when its last transition was
 */
public record ModelSummary(
    String model, int versions, Optional<String> production, Instant createdAt, Instant changedAt) {
  static ModelSummary of(ModelDocument document) {
    return new ModelSummary(
        document.model(),
        document.versions().size(),
        document.production(),
        document.createdAt(),
        document.changedAt());
  }
}
