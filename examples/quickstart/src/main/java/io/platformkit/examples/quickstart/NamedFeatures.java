package io.platformkit.examples.quickstart;

import io.platformkit.core.Json;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.schema.Feature;
import io.platformkit.ml.schema.InvalidFeaturesException;
import io.platformkit.ml.schema.ModelSchema;
import io.platformkit.ml.schema.RowEncoder;
import java.util.List;
import java.util.Map;

/** What callers say, and what the model is given. */
public final class NamedFeatures {
  private NamedFeatures() {}

  /** Encodes a customer, and refuses another. */
  public static void main(String[] args) {
    // @start region="schema"
    var schema =
        ModelSchema.classifier(
            "probabilities", // the output, [any, 2]: the second column is the probability
            Feature.number("age").from(0).to(130),
            Feature.category("plan", Map.of("free", 0.0, "paid", 1.0)).otherwise("free"),
            Feature.date("last_purchase"), // days since 1970
            Feature.vector("usage", 3).from(0));
    // @end
    var signature =
        new ModelSignature(
            List.of(TensorSpec.of("customers", TensorType.FLOAT32, TensorSpec.ANY, 6)),
            List.of(TensorSpec.of("probabilities", TensorType.FLOAT32, TensorSpec.ANY, 2)));
    // @start region="rows"
    var encoder = RowEncoder.of(schema, signature); // the features fill a row, or it is said here
    var row =
        encoder.encode(
            Map.of("age", 41, "last_purchase", "2026-11-21", "usage", List.of(7, 0, 0.5)));
    for (int i = 0; i < 6; i++) {
      System.out.print(row.get("customers").floats().get(i) + " ");
    }
    System.out.println();
    try {
      encoder.encode(Map.of("age", 412, "plan", "paid", "usage", List.of(7)));
    } catch (InvalidFeaturesException refused) {
      refused.faults().forEach(System.out::println);
    }
    // @end
    Json json = Json.standard();
    System.out.println(json.decode(json.encode(schema), ModelSchema.class).equals(schema));
  }
}
