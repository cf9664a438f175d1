package io.platformkit.ml.batching;

import io.platformkit.ml.FunctionRunner;
import io.platformkit.ml.ModelFunction;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.nio.FloatBuffer;
import java.util.List;

/** A model that doubles a number: {@code x FLOAT32[any, 1]} to {@code y FLOAT32[any, 1]}. */
final class Doubling {
  static final VersionId ID = new VersionId("doubling", "1");
  static final float POISON = -666;

  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of("x", TensorType.FLOAT32, -1, 1)),
          List.of(TensorSpec.of("y", TensorType.FLOAT32, -1, 1)));

  private Doubling() {}

  static ModelRunner runner() {
    return runner((inputs, outputs) -> {});
  }

  /**
   * With something that happens before each run; {@link #POISON} makes a run fail.
   *
   * @param before may throw
   */
  static ModelRunner runner(ModelFunction before) {
    return FunctionRunner.of(
        ID,
        SIGNATURE,
        (inputs, outputs) -> {
          before.run(inputs, outputs);
          FloatBuffer x = inputs.get("x").floats();
          FloatBuffer y = outputs.get("y").floats();
          for (int row = 0; row < x.limit(); row++) {
            if (x.get(row) == POISON) {
              throw new IllegalStateException("poisoned");
            }
            y.put(row, 2 * x.get(row));
          }
        });
  }

  static Tensors x(float... values) {
    return Tensors.of("x", Tensor.of(values, values.length, 1));
  }

  static Tensors y(int rows) {
    return Tensors.of("y", Tensor.allocate(TensorType.FLOAT32, rows, 1));
  }

  static float[] read(Tensors outputs) {
    FloatBuffer y = outputs.get("y").floats();
    float[] values = new float[y.limit()];
    y.get(values);
    return values;
  }
}
