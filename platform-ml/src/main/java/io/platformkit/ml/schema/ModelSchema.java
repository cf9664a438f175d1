package io.platformkit.ml.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How named features become a model's inputs, and what its output means. Plain data, which {@code
 * Json} writes and reads.
 *
 * @param features in the order of the elements in a row of their input, 1 to {@value
 *     #MOST_FEATURES}
 * @param output what a prediction is read from
 */
public record ModelSchema(List<Feature> features, OutputMeaning output) {
  /** Most features of a model. */
  public static final int MOST_FEATURES = 10_000;

  /**
   * Checked as far as it can be without the model.
   *
   * @throws IllegalArgumentException with all faults in its message
   */
  public ModelSchema {
    features = List.copyOf(features);
    Objects.requireNonNull(output, "output");
    List<String> faults = new ArrayList<>();
    if (features.isEmpty() || features.size() > MOST_FEATURES) {
      faults.add(
          "features were %d but there must be from 1 to %d"
              .formatted(features.size(), MOST_FEATURES));
    }
    Set<String> names = new HashSet<>();
    for (Feature feature : features) {
      if (!names.add(feature.name())) {
        faults.add("feature '%s' was given twice but names must differ".formatted(feature.name()));
      }
      feature.addFaults(faults);
    }
    output.addFaults(faults);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  /** One whose output is the probability of the second class, {@code [rows, 2]}. */
  public static ModelSchema classifier(String output, Feature... features) {
    return new ModelSchema(List.of(features), OutputMeaning.probability(output, 1));
  }

  /** One whose output is a number, {@code [rows, 1]} or {@code [rows]}. */
  public static ModelSchema regressor(String output, Feature... features) {
    return new ModelSchema(List.of(features), OutputMeaning.value(output));
  }
}
