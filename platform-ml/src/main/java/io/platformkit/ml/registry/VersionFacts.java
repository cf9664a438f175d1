package io.platformkit.ml.registry;

import io.platformkit.ml.schema.ModelSchema;
import java.util.Map;
import java.util.Optional;

/** What is known of a version but for its stage and times: what is kept under its own key. */
record VersionFacts(
    Optional<String> algorithm,
    Optional<Artifact> artifact,
    Optional<ModelSchema> schema,
    Map<String, Double> metrics,
    Map<String, String> hyperparameters,
    Lineage lineage,
    Map<String, String> tags) {

  VersionFacts {
    metrics = Facts.sorted(metrics);
    hyperparameters = Facts.sorted(hyperparameters);
    tags = Facts.sorted(tags);
  }

  VersionFacts artifact(Artifact made) {
    return new VersionFacts(
        algorithm, Optional.of(made), schema, metrics, hyperparameters, lineage, tags);
  }

  VersionFacts metrics(Map<String, Double> measured) {
    return new VersionFacts(algorithm, artifact, schema, measured, hyperparameters, lineage, tags);
  }

  VersionFacts tags(Map<String, String> given) {
    return new VersionFacts(algorithm, artifact, schema, metrics, hyperparameters, lineage, given);
  }
}
