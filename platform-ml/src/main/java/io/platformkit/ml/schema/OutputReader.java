package io.platformkit.ml.schema;

import io.platformkit.ml.Elements;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;

/** Reads predictions from a model's outputs. Immutable, safe for concurrent use. */
public final class OutputReader {
  private final VersionId id;
  private final OutputMeaning meaning;

  private OutputReader(VersionId id, OutputMeaning meaning) {
    this.id = id;
    this.meaning = meaning;
  }

  /**
   * The reader of a schema for a model.
   *
   * @throws IllegalArgumentException if the model has no such output, or a row of it not so many
   *     elements
   */
  public static OutputReader of(VersionId id, ModelSchema schema, ModelSignature signature) {
    OutputMeaning meaning = schema.output();
    TensorSpec spec =
        signature
            .output(meaning.output())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "output was '%s' but it must be one of %s"
                        .formatted(
                            meaning.output(),
                            signature.outputs().stream().map(TensorSpec::name).toList())));
    int width = spec.rowElements();
    if (meaning.element() >= width || spec.type() == TensorType.STRING) {
      throw new IllegalArgumentException(
          "output '%s': column was '%d' but a row of %s has %d numbers"
              .formatted(
                  spec.name(),
                  meaning.element(),
                  spec.form(),
                  spec.type() == TensorType.STRING ? 0 : width));
    }
    return new OutputReader(id, meaning);
  }

  /**
   * The prediction for one row.
   *
   * @param row from 0
   * @throws ModelException if the model gave no finite number
   */
  public Prediction read(Tensors outputs, int row) {
    Tensor output = outputs.get(meaning.output());
    double number = Elements.read(output, row * output.rowElements() + meaning.element());
    boolean usable =
        meaning.kind() == OutputMeaning.Kind.LOGIT
            ? !Double.isNaN(number)
            : Double.isFinite(number);
    if (!usable) {
      throw new ModelException(
          id, "output '%s' was '%s', which is no prediction".formatted(meaning.output(), number));
    }
    return meaning.read(number);
  }
}
