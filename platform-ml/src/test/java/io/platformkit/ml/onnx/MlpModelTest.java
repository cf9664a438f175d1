package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MlpModelTest {
  @Test
  void onnxRuntimeComputesWhatJavaDoes() {
    MlpModel model = MlpModel.of(64, 128, 64, 1);
    Random random = new Random(1);
    float[] rows = new float[5 * 64];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextFloat() - 0.5f;
    }
    Tensor features = Tensor.of(rows, 5, 64);
    Tensor scores = Tensor.allocate(TensorType.FLOAT32, 5, 1);

    try (ModelRunner runner =
            OnnxLoader.builder().build().load(new VersionId("mlp", "1"), model.fp32());
        ModelRunner.Binding binding =
            runner.bind(
                Tensors.of(MlpModel.INPUT, features), Tensors.of(MlpModel.OUTPUT, scores))) {
      assertThat(runner.signature().isBatchable()).isTrue();
      binding.run();
    }

    for (int row = 0; row < 5; row++) {
      float[] one = new float[64];
      System.arraycopy(rows, 64 * row, one, 0, 64);
      assertThat(scores.floats().get(row)).isCloseTo(model.compute(one)[0], within(1e-5f));
    }
  }
}
