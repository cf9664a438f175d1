package io.platformkit.ml.registry;

import io.platformkit.ml.VersionId;
import io.platformkit.ml.schema.ModelSchema;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One version of a model, as it was when it was read.
 *
 * @param model the name of the model
 * @param version the name of the version, used once in this model
 * @param stage where it is
 * @param algorithm what kind of model it is, in the host's words: {@code "gbdt"}
 * @param createdAt when it was registered
 * @param deployedAt when it last went into production
 * @param retiredAt when another version took over from it, while it is retired
 * @param artifact its bytes, once they are there; a model that is code has none
 * @param schema how named features become its inputs, where that was said
 * @param metrics how good it is, by name; finite numbers
 * @param hyperparameters how it was trained, by name
 * @param lineage what it was made of
 * @param tags whatever else the host says of it
 */
public record ModelVersion(
    String model,
    String version,
    Stage stage,
    Optional<String> algorithm,
    Instant createdAt,
    Optional<Instant> deployedAt,
    Optional<Instant> retiredAt,
    Optional<Artifact> artifact,
    Optional<ModelSchema> schema,
    Map<String, Double> metrics,
    Map<String, String> hyperparameters,
    Lineage lineage,
    Map<String, String> tags) {
  /** Copies; the maps are in the order of their names. */
  public ModelVersion {
    metrics = Facts.sorted(metrics);
    hyperparameters = Facts.sorted(hyperparameters);
    tags = Facts.sorted(tags);
  }

  /** Model and version. */
  public VersionId id() {
    return new VersionId(model, version);
  }

  static ModelVersion of(String model, String version, VersionEntry entry, VersionFacts facts) {
    return new ModelVersion(
        model,
        version,
        entry.stage(),
        facts.algorithm(),
        entry.createdAt(),
        entry.deployedAt(),
        entry.retiredAt(),
        facts.artifact(),
        facts.schema(),
        facts.metrics(),
        facts.hyperparameters(),
        facts.lineage(),
        facts.tags());
  }
}
