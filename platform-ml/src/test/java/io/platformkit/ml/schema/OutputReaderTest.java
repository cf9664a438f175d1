package io.platformkit.ml.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.schema.OutputMeaning.Kind;
import io.platformkit.ml.schema.Prediction.ConfidenceLevel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputReaderTest {
  private static final VersionId ID = new VersionId("churn", "1");
  private static final ModelSignature TWO =
      new ModelSignature(
          List.of(TensorSpec.of("x", TensorType.FLOAT32, -1, 1)),
          List.of(
              TensorSpec.of("y", TensorType.FLOAT32, -1, 2),
              TensorSpec.of("words", TensorType.STRING, -1)));

  private static OutputReader reader(Kind kind, int column) {
    OutputMeaning meaning =
        new OutputMeaning("y", OptionalInt.of(column), kind, OptionalDouble.empty());
    return OutputReader.of(ID, new ModelSchema(List.of(Feature.number("f")), meaning), TWO);
  }

  private static Prediction read(Kind kind, float number) {
    Tensor outputs = Tensor.of(new float[] {-1, -1, -1, number}, 2, 2);
    return reader(kind, 1).read(Tensors.of("y", outputs), 1);
  }

  @ParameterizedTest
  @CsvSource({
    "0.95, 1, 0.95, HIGH",
    "0.5, 1, 0.5, LOW",
    "0.25, 0, 0.75, MEDIUM",
    "0.0, 0, 1.0, HIGH"
  })
  void aProbabilityIsReadAsAClassAndHowSureItIs(
      float probability, double value, double confidence, ConfidenceLevel level) {
    Prediction read = read(Kind.PROBABILITY, probability);
    assertThat(read.value()).isEqualTo(value);
    assertThat(read.probability()).hasValue(probability);
    assertThat(read.confidence().orElseThrow()).isCloseTo(confidence, within());
    assertThat(read.confidenceLevel()).contains(level);
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-7);
  }

  @Test
  void aLogitIsReadAsAProbability() {
    assertThat(read(Kind.LOGIT, 0).probability()).hasValue(0.5);
    assertThat(read(Kind.LOGIT, Float.NEGATIVE_INFINITY).probability()).hasValue(0);
    assertThat(read(Kind.LOGIT, Float.POSITIVE_INFINITY).value()).isOne();
  }

  @Test
  void aValueIsItself() {
    Prediction read = read(Kind.VALUE, 7.5f);
    assertThat(read).isEqualTo(Prediction.of(7.5));
    assertThat(read.confidenceLevel()).isEqualTo(Optional.empty());
  }

  @Test
  void whatIsNoNumberIsAFailureOfTheModel() {
    for (Kind kind : Kind.values()) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> read(kind, Float.NaN))
          .withMessage("model 'churn' version '1': output 'y' was 'NaN', which is no prediction");
    }
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> read(Kind.VALUE, Float.POSITIVE_INFINITY));
  }

  @Test
  void anOutputThatTheModelDoesNotHaveIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader(Kind.VALUE, 2))
        .withMessage("output 'y': column was '2' but a row of FLOAT32[any, 2] has 2 numbers");
    ModelSchema other = ModelSchema.regressor("z", Feature.number("f"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OutputReader.of(ID, other, TWO))
        .withMessage("output was 'z' but it must be one of [y, words]");
    ModelSchema text = ModelSchema.regressor("words", Feature.number("f"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OutputReader.of(ID, text, TWO))
        .withMessageContaining("has 0 numbers");
  }
}
