package io.platformkit.examples.modelserver;

import io.platformkit.ml.registry.NewVersion;
import java.util.Map;
import java.util.Optional;

/**
 * What the JSON file beside a version's ONNX file says of it alone.
 *
 * @param metrics how good it is, by name
 * @param hyperparameters how it was trained, by name
 * @param dataset the version of the data that it was trained on
 * @param run the training run that made it
 * @param parent the version that it goes back to
 * @param tags whatever else there is to say
 */
record VersionCard(
    Optional<Map<String, Double>> metrics,
    Optional<Map<String, String>> hyperparameters,
    Optional<String> dataset,
    Optional<String> run,
    Optional<String> parent,
    Optional<Map<String, String>> tags) {
  static final VersionCard EMPTY =
      new VersionCard(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static VersionCard trained(
      String dataset, Map<String, String> hyperparameters, Map<String, Double> metrics) {
    return new VersionCard(
        Optional.of(metrics),
        Optional.of(hyperparameters),
        Optional.of(dataset),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static VersionCard derived(String parent, Map<String, String> tags) {
    return new VersionCard(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(parent),
        Optional.of(tags));
  }

  /** Says it to the registry. */
  void describe(NewVersion.Builder version) {
    metrics.ifPresent(version::metrics);
    hyperparameters.ifPresent(version::hyperparameters);
    dataset.ifPresent(version::dataset);
    run.ifPresent(version::run);
    parent.ifPresent(version::parent);
    tags.ifPresent(version::tags);
  }
}
