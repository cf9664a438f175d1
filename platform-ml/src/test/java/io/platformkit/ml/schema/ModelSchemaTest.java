package io.platformkit.ml.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.Json;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModelSchemaTest {
  private static final ModelSchema CHURN =
      ModelSchema.classifier(
          "probabilities",
          Feature.number("age").from(0).to(120).otherwise(35),
          Feature.category("plan", Map.of("free", 0.0, "paid", 1.0)),
          Feature.vector("visits", 3).otherwise(List.of(0, 0, 0)),
          Feature.date("since").in("x"),
          Feature.bool("active").otherwise(false));

  @Test
  void aSchemaIsTheSameAfterJson() {
    Json json = Json.standard();
    ModelSchema read = json.decode(json.encode(CHURN), ModelSchema.class);
    assertThat(json.encodeText(read)).isEqualTo(json.encodeText(CHURN));
    assertThat(read).isEqualTo(CHURN);
  }

  @Test
  void whatIsLeftOutInJsonIsAsInJava() {
    ModelSchema read =
        Json.standard()
            .decode(
                """
                {"features": [{"name": "age", "type": "NUMBER"},
                              {"name": "visits", "type": "VECTOR", "width": 2}],
                 "output": {"output": "y", "kind": "VALUE"}}
                """,
                ModelSchema.class);
    assertThat(read)
        .isEqualTo(ModelSchema.regressor("y", Feature.number("age"), Feature.vector("visits", 2)));
  }

  @Test
  void everyFaultOfASchemaIsNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            ModelSchema.classifier(
                "y",
                Feature.number("age").from(10).to(1).otherwise("old"),
                Feature.number("age"),
                Feature.vector("v", 0),
                Feature.category("c", Map.of()),
                Feature.text("t").to(3)))
        .withMessageContaining("feature 'age': max was '1.0' but it must be at least min, '10.0'")
        .withMessageContaining("feature 'age': fallback was 'old' but it must be a finite number")
        .withMessageContaining("feature 'age' was given twice but names must differ")
        .withMessageContaining("feature 'v': width was '0' but it must be from 1 to 65536")
        .withMessageContaining("feature 'c': codes had 0 words but it must have from 1 to 10000")
        .withMessageContaining("feature 't': a range was given but a TEXT has none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelSchema.classifier("y"))
        .withMessage("features were 0 but there must be from 1 to 10000");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new ModelSchema(
                List.of(Feature.number("a")),
                new OutputMeaning(
                    "y",
                    OptionalInt.of(-1),
                    OutputMeaning.Kind.LOGIT,
                    OptionalDouble.of(Double.NaN))))
        .withMessageContaining("output 'y': column was '-1' but it must be at least 0")
        .withMessageContaining("output 'y': threshold was 'NaN' but it must be from 0 to 1");
  }
}
