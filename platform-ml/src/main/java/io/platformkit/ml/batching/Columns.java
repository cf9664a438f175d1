package io.platformkit.ml.batching;

import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import org.jspecify.annotations.Nullable;

/** Tensors of requests in the model's order, checked before they share a run with others. */
final class Columns {
  private final VersionId id;
  private final ModelSignature signature;
  private final TensorSpec[] inputs;
  private final TensorSpec[] outputs;
  private final int mostRows;

  Columns(ModelRunner runner, int mostRows) {
    this.id = runner.id();
    this.signature = runner.signature();
    this.inputs = signature.inputs().toArray(TensorSpec[]::new);
    this.outputs = signature.outputs().toArray(TensorSpec[]::new);
    this.mostRows = mostRows;
  }

  @Nullable Tensor[] inputs(Tensors given) {
    @Nullable Tensor[] ordered = ordered(inputs, given);
    if (accepted(inputs, ordered) < Math.max(ordered.length, given.size())) {
      signature.requireInputs(id, given); // says what is wrong
    }
    return ordered;
  }

  /** How many there are that fit. */
  private static int accepted(TensorSpec[] specs, @Nullable Tensor[] ordered) {
    int accepted = 0;
    for (int i = 0; i < ordered.length; i++) {
      Tensor tensor = ordered[i];
      if (tensor != null && specs[i].accepts(tensor)) {
        accepted++;
      }
    }
    return accepted;
  }

  private static @Nullable Tensor[] ordered(TensorSpec[] specs, Tensors given) {
    @Nullable Tensor[] ordered = new Tensor[specs.length];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = given.find(specs[i].name()).orElse(null);
    }
    return ordered;
  }

  /** How many all inputs have. */
  int rows(Tensors given, @Nullable Tensor[] ordered) {
    int rows = given.get(inputs[0].name()).rows();
    for (Tensor tensor : ordered) {
      if (tensor != null && tensor.rows() != rows) {
        return signature.requireSameRows(id, given); // says what is wrong
      }
    }
    if (rows < 1 || rows > mostRows) {
      String name = inputs[0].name();
      String expected = "of 1 to %d rows, as many as may wait".formatted(mostRows);
      throw new ModelInputException(id, name, expected, given.get(name).toString());
    }
    return rows;
  }

  /** With as many rows as the inputs. */
  @Nullable Tensor[] outputs(Tensors given, int rows) {
    @Nullable Tensor[] ordered = ordered(outputs, given);
    if (accepted(outputs, ordered) < given.size()) {
      signature.requireOutputs(id, given); // says what is wrong
    }
    for (Tensor tensor : ordered) {
      if (tensor != null && tensor.rows() != rows) {
        signature.requireRows(id, given, rows); // says what is wrong
      }
    }
    return ordered;
  }
}
