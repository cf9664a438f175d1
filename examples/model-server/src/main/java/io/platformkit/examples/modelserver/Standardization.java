package io.platformkit.examples.modelserver;

import java.util.Arrays;
import java.util.List;
import org.tribuo.util.onnx.ONNXContext;
import org.tribuo.util.onnx.ONNXNode;
import org.tribuo.util.onnx.ONNXOperators;
import org.tribuo.util.onnx.ONNXRef;

/**
 * Brings features to mean 0 and deviation 1. Training does it in Java; the served file does it in
 * its first two nodes, so that callers give features as they are.
 */
final class Standardization {
  private final double[] means;
  private final double[] deviations;

  private Standardization(double[] means, double[] deviations) {
    this.means = means;
    this.deviations = deviations;
  }

  /** Of rows that all have the same number of values. */
  static Standardization of(List<double[]> rows) {
    int width = rows.getFirst().length;
    double[] means = new double[width];
    double[] deviations = new double[width];
    for (int i = 0; i < width; i++) {
      int column = i;
      double mean = rows.stream().mapToDouble(row -> row[column]).average().orElseThrow();
      double variance =
          rows.stream().mapToDouble(row -> Math.pow(row[column] - mean, 2)).average().orElseThrow();
      means[i] = mean;
      deviations[i] = Math.sqrt(variance);
    }
    return new Standardization(means, deviations);
  }

  double[] apply(double[] row) {
    double[] standard = new double[row.length];
    Arrays.setAll(standard, i -> (row[i] - means[i]) / deviations[i]);
    return standard;
  }

  /** The same as nodes of an ONNX file. */
  ONNXNode apply(ONNXContext file, ONNXRef<?> rows) {
    return rows.apply(ONNXOperators.SUB, file.array("means", means))
        .apply(ONNXOperators.DIV, file.array("deviations", deviations));
  }
}
