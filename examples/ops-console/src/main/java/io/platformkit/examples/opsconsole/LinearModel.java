package io.platformkit.examples.opsconsole;

import io.platformkit.core.Json;
import io.platformkit.core.MalformedJsonException;
import io.platformkit.ml.FunctionRunner;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A weighted sum of a row, which is the smallest model that still has an artifact: its weights, as
 * JSON.
 *
 * @param intercept the sum of a row of zeros
 * @param weights one for each element of a row
 */
record LinearModel(double intercept, List<Double> weights) {
  static final String OUTPUT = "score";

  private static final String INPUT = "features";
  private static final Json JSON = Json.standard();

  LinearModel {
    weights = List.copyOf(weights);
  }

  static LinearModel of(double intercept, Double... weights) {
    return new LinearModel(intercept, List.of(weights));
  }

  byte[] artifact() {
    return JSON.encode(this);
  }

  /** Loads one; see {@link io.platformkit.ml.ModelLoader}. */
  static ModelRunner load(VersionId id, byte[] artifact) {
    try {
      LinearModel model = JSON.decode(artifact, LinearModel.class);
      return FunctionRunner.of(id, model.signature(), model::run);
    } catch (MalformedJsonException fault) {
      throw new ModelException(id, "the artifact is no linear model: " + fault.getMessage(), fault);
    }
  }

  ModelSignature signature() {
    return new ModelSignature(
        List.of(TensorSpec.of(INPUT, TensorType.FLOAT32, TensorSpec.ANY, weights.size())),
        List.of(TensorSpec.of(OUTPUT, TensorType.FLOAT32, TensorSpec.ANY, 1)));
  }

  private void run(Tensors inputs, Tensors outputs) {
    FloatBuffer rows = inputs.get(INPUT).floats();
    FloatBuffer scores = outputs.get(OUTPUT).floats();
    for (int row = 0; row < scores.limit(); row++) {
      scores.put(row, (float) score(rows, row * weights.size()));
    }
  }

  private double score(FloatBuffer rows, int first) {
    double sum = intercept;
    for (int i = 0; i < weights.size(); i++) {
      sum += weights.get(i) * rows.get(first + i);
    }
    return sum;
  }
}
