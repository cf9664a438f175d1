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
  private static final int ROWS = 50;

  private final MlpModel model = MlpModel.of(64, 128, 64, 1);
  private final Tensor features = features();

  private static Tensor features() {
    Random random = new Random(1);
    Tensor features = Tensor.allocate(TensorType.FLOAT32, ROWS, 64);
    for (int i = 0; i < features.elements(); i++) {
      features.floats().put(i, 2 * random.nextFloat() - 1);
    }
    return features;
  }

  private float[] row(int row) {
    float[] one = new float[64];
    features.floats().get(64 * row, one);
    return one;
  }

  private static Tensor scores(byte[] file, Tensor features) {
    try (ModelRunner runner = OnnxLoader.builder().build().load(new VersionId("mlp", "1"), file)) {
      assertThat(runner.signature().isBatchable()).isTrue();
      return runner.run(Tensors.of(MlpModel.INPUT, features)).get(MlpModel.OUTPUT);
    }
  }

  @Test
  void onnxRuntimeComputesWhatJavaDoes() {
    Tensor scores = scores(model.fp32(), features);
    for (int row = 0; row < ROWS; row++) {
      float expected = model.compute(row(row))[0];
      assertThat(scores.floats().get(row)).isCloseTo(expected, within(1e-5f));
    }
  }

  /** Scores are within ±2, where a step of 16 bits is a thousandth. */
  @Test
  void sixteenBitsGiveTheSameWithinTwoThousandths() {
    Tensor halves = Tensor.allocate(TensorType.FLOAT16, ROWS, 64);
    for (int i = 0; i < halves.elements(); i++) {
      halves.shorts().put(i, Float.floatToFloat16(features.floats().get(i)));
    }
    Tensor scores = scores(model.fp16(), halves);
    assertThat(scores.type()).isEqualTo(TensorType.FLOAT16);
    for (int row = 0; row < ROWS; row++) {
      float score = Float.float16ToFloat(scores.shorts().get(row));
      assertThat(score).isCloseTo(model.compute(row(row))[0], within(0.002f));
    }
  }

  /** But for a rounding that falls to the other side and moves a score by some thousandths. */
  @Test
  void eightBitsGiveWhatJavaComputesInThem() {
    Int8Mlp int8 = new Int8Mlp(model);
    Tensor scores = scores(model.int8(), features);
    for (int row = 0; row < ROWS; row++) {
      assertThat(scores.floats().get(row)).isCloseTo(int8.compute(row(row))[0], within(0.005f));
    }
  }

  @Test
  void eightBitsGiveTheSameWithinATwentieth() {
    Tensor scores = scores(model.int8(), features);
    for (int row = 0; row < ROWS; row++) {
      assertThat(scores.floats().get(row)).isCloseTo(model.compute(row(row))[0], within(0.05f));
    }
  }
}
