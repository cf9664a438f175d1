package io.platformkit.ml.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.platformkit.ml.Elements;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowEncoderTest {
  private static final Map<String, Double> PLANS = Map.of("free", 0.0, "paid", 1.0);

  private static ModelSignature taking(TensorSpec... inputs) {
    return new ModelSignature(
        List.of(inputs), List.of(TensorSpec.of("y", TensorType.FLOAT32, -1, 1)));
  }

  private static RowEncoder encoder(TensorType type, Feature... features) {
    int width = List.of(features).stream().mapToInt(Feature::elements).sum();
    return RowEncoder.of(
        ModelSchema.regressor("y", features), taking(TensorSpec.of("x", type, -1, width)));
  }

  private static float[] floats(Tensors row) {
    float[] read = new float[row.get("x").elements()];
    row.get("x").floats().get(read);
    return read;
  }

  @Test
  void eachFeatureIsWrittenWhereTheSchemaHasIt() {
    RowEncoder encoder =
        encoder(
            TensorType.FLOAT32,
            Feature.number("age"),
            Feature.category("plan", PLANS),
            Feature.vector("visits", 3),
            Feature.date("since"),
            Feature.bool("active"));

    Tensors row =
        encoder.encode(
            Map.of(
                "active",
                true,
                "since",
                "1970-01-11",
                "visits",
                List.of(1, 2.5, 3L),
                "plan",
                "paid",
                "age",
                41,
                "somethingElse",
                "is left out"));

    assertThat(floats(row)).containsExactly(41, 1, 1, 2.5f, 3, 10, 1);
    assertThat(encoder.features()).containsExactly("age", "plan", "visits", "since", "active");
  }

  @Test
  void aMomentIsAPartOfADay() {
    RowEncoder encoder = encoder(TensorType.FLOAT32, Feature.date("at"));
    assertThat(floats(encoder.encode(Map.of("at", "1970-01-02T12:00:00+00:00"))))
        .containsExactly(1.5f);
    assertThat(floats(encoder.encode(Map.of("at", "1970-01-02T00:00:00+12:00"))))
        .containsExactly(0.5f);
  }

  @Test
  void whatIsMissingOrNullIsTakenFromTheFallback() {
    RowEncoder encoder =
        encoder(
            TensorType.FLOAT32,
            Feature.number("age").otherwise(35),
            Feature.category("plan", PLANS).otherwise("paid"));
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("age", null);

    assertThat(floats(encoder.encode(nothing))).containsExactly(35, 1);
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    RowEncoder encoder =
        encoder(
            TensorType.FLOAT32,
            Feature.number("age").from(0).to(120),
            Feature.number("income"),
            Feature.category("plan", Map.of("paid", 1.0)));

    InvalidFeaturesException failure =
        catchThrowableOfType(
            InvalidFeaturesException.class,
            () -> encoder.encode(Map.of("age", 121, "plan", "gold")));

    assertThat(failure.faults())
        .extracting(FeatureFault::toString)
        .containsExactly(
            "feature 'age' was '121' but it must be a finite number from 0.0 to 120.0",
            "feature 'income' was nothing but it must be a finite number",
            "feature 'plan' was 'gold' but it must be one of [paid]");
  }

  @ParameterizedTest
  @CsvSource({
    "NUMBER,text",
    "NUMBER,true",
    "BOOLEAN,1",
    "CATEGORY,1",
    "DATE,yesterday",
    "DATE,1",
    "VECTOR,1",
    "VECTOR,[1]",
    "VECTOR,[1;text]",
    "DATE,2026-11-21T10:00:00",
    "DATE,+999999999-01-01T00:00:00Z"
  })
  void whatIsOfAnotherTypeIsRefused(FeatureType type, String text) {
    Feature feature =
        switch (type) {
          case NUMBER -> Feature.number("f");
          case BOOLEAN -> Feature.bool("f");
          case CATEGORY -> Feature.category("f", PLANS);
          case DATE -> Feature.date("f");
          case VECTOR -> Feature.vector("f", 2);
          case TEXT -> Feature.text("f");
        };
    RowEncoder encoder = encoder(TensorType.FLOAT32, feature);
    assertThatExceptionOfType(InvalidFeaturesException.class)
        .isThrownBy(() -> encoder.encode(Map.of("f", parsed(text))))
        .withMessageContaining("feature 'f' was '");
  }

  private static Object parsed(String text) {
    return switch (text) {
      case "true" -> true;
      case "1" -> 1;
      case "[1]" -> List.of(1);
      case "[1;text]" -> List.of(1, "text");
      default -> text;
    };
  }

  @ParameterizedTest
  @EnumSource(value = TensorType.class, mode = EnumSource.Mode.EXCLUDE, names = "STRING")
  void everyTypeOfElementGetsTheNumber(TensorType type) {
    RowEncoder encoder = encoder(type, Feature.number("f"), Feature.number("g"));
    Tensor row = encoder.encode(Map.of("f", 0, "g", 1)).get("x");
    assertThat(Elements.read(row, 0)).isZero();
    assertThat(Elements.read(row, 1)).isOne();
  }

  @ParameterizedTest
  @CsvSource({
    "INT8,128",
    "INT8,-129",
    "INT8,0.5",
    "UINT8,-1",
    "UINT8,256",
    "INT16,32768",
    "UINT16,65536",
    "INT32,2147483648",
    "UINT32,4294967296",
    "INT64,9007199254740994",
    "UINT64,-1",
    "BOOL,2",
    "FLOAT32,1e39",
    "FLOAT16,65505",
    "BFLOAT16,3.4e38"
  })
  void aNumberThatTheTypeCannotHoldIsRefused(TensorType type, double number) {
    RowEncoder encoder = encoder(type, Feature.number("f"));
    assertThatExceptionOfType(InvalidFeaturesException.class)
        .isThrownBy(() -> encoder.encode(Map.of("f", number)))
        .withMessageContaining("feature 'f' was");
  }

  @ParameterizedTest
  @CsvSource({
    "INT8,-128",
    "UINT8,255",
    "INT16,-32768",
    "UINT16,65535",
    "INT32,-2147483648",
    "UINT32,4294967295",
    "INT64,-9007199254740992",
    "UINT64,9007199254740992",
    "FLOAT16,65504",
    "FLOAT16,0.5",
    "BFLOAT16,-2.5",
    "FLOAT64,1e300"
  })
  void aNumberThatTheTypeHoldsIsReadBackTheSame(TensorType type, double number) {
    Tensor row = encoder(type, Feature.number("f")).encode(Map.of("f", number)).get("x");
    assertThat(Elements.read(row, 0)).isEqualTo(number);
  }

  @Test
  void featuresMayBelongToSeveralInputs() {
    RowEncoder encoder =
        RowEncoder.of(
            ModelSchema.regressor(
                "y",
                Feature.number("a").in("numbers"),
                Feature.text("t").in("words"),
                Feature.number("b").in("numbers")),
            taking(
                TensorSpec.of("numbers", TensorType.FLOAT32, -1, 2),
                TensorSpec.of("words", TensorType.STRING, -1)));

    Tensors row = encoder.encode(Map.of("a", 1, "b", 2, "t", "hello"));

    assertThat(row.get("numbers").floats().get(1)).isEqualTo(2);
    assertThat(row.get("words").string(0)).isEqualTo("hello");
  }

  @Test
  void aSchemaThatDoesNotFitTheModelIsRefused() {
    ModelSignature two = taking(TensorSpec.of("x", TensorType.FLOAT32, -1, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowEncoder.of(ModelSchema.regressor("y", Feature.number("a")), two))
        .withMessage(
            "the features of input 'x' have 1 elements but a row of FLOAT32[any, 2] has 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            RowEncoder.of(
                ModelSchema.regressor("y", Feature.number("a").in("z"), Feature.text("t")), two))
        .withMessageContaining("feature 'a' is in input 'z' but it must be in one of [x]")
        .withMessageContaining("feature 't' is a TEXT but input 'x' holds FLOAT32");
    ModelSignature both =
        taking(
            TensorSpec.of("x", TensorType.FLOAT32, -1, 1),
            TensorSpec.of("z", TensorType.FLOAT32, -1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowEncoder.of(ModelSchema.regressor("y", Feature.number("a")), both))
        .withMessageContaining("feature 'a' names no input but it must be in one of [x, z]");
    ModelSignature fixed = taking(TensorSpec.of("x", TensorType.FLOAT32, 1, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RowEncoder.of(ModelSchema.regressor("y", Feature.number("a")), fixed))
        .withMessageContaining("must have a free first dimension");
  }
}
