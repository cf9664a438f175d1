package io.platformkit.ml.serving;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.schema.OutputReader;
import io.platformkit.ml.schema.Prediction;
import io.platformkit.ml.schema.RowEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Predictions for rows of features. */
final class Rows {
  private Rows() {}

  /**
   * One prediction for each row, in order.
   *
   * @throws NotComputedException if there is no prediction for one of them
   */
  static List<Prediction> compute(LoadedModel model, Tensors inputs, int rows, Terms terms) {
    Outcome outcome = model.compute(inputs, terms);
    if (!(outcome instanceof Outcome.Computed computed)) {
      throw new NotComputedException(outcome);
    }
    OutputReader reader = model.requireForm().reader();
    List<Prediction> predictions = new ArrayList<>(rows);
    try {
      for (int row = 0; row < rows; row++) {
        predictions.add(reader.read(computed.outputs(), row));
      }
    } catch (ModelException noPrediction) {
      throw new NotComputedException(new Outcome.Failed(noPrediction));
    }
    return predictions;
  }

  /** One after the other in tensors of their own. */
  static Tensors together(LoadedModel model, List<Tensors> rows) {
    Tensors all = model.signature().allocateInputs(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      Tensors one = rows.get(row);
      for (String name : all.names()) {
        all.get(name).copyRows(row, one.get(name), 0, 1);
      }
    }
    return all;
  }

  /**
   * Features as rows.
   *
   * @throws IllegalArgumentException if the model has no schema, or a row does not fit it
   */
  static Tensors encoded(
      LoadedModel model, List<? extends Map<String, ? extends @Nullable Object>> rows) {
    RowEncoder encoder = model.requireForm().encoder();
    Tensors inputs = model.signature().allocateInputs(rows.size());
    for (int row = 0; row < rows.size(); row++) {
      encoder.encode(rows.get(row), inputs, row);
    }
    return inputs;
  }
}
