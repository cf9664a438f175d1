package io.platformkit.examples.modelserver;

import io.platformkit.ml.schema.ModelSchema;
import java.util.Optional;

/**
 * What {@code model.json} says of all versions of a model.
 *
 * @param algorithm what kind of model it is: {@code "logistic-regression"}
 * @param schema how named features become its inputs; without one it takes tensors only
 */
record ModelCard(Optional<String> algorithm, Optional<ModelSchema> schema) {
  static final String FILE = "model.json";
  static final ModelCard EMPTY = new ModelCard(Optional.empty(), Optional.empty());

  static ModelCard of(String algorithm, ModelSchema schema) {
    return new ModelCard(Optional.of(algorithm), Optional.of(schema));
  }
}
