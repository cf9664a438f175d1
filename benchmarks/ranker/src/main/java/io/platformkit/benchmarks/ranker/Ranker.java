package io.platformkit.benchmarks.ranker;

import io.platformkit.ml.onnx.MlpModel;
import java.util.Random;

/** Scores the same rows again and again. For one thread. */
interface Ranker extends AutoCloseable {
  /** How many features a row has. */
  int FEATURES = 64;

  /** The model. */
  static MlpModel model() {
    return MlpModel.of(FEATURES, 128, 64, 1);
  }

  /** Scores all rows. */
  void run() throws Exception;

  /** What the last run gave, a score a row. */
  float[] scores();

  @Override
  void close();

  /** Features of so many rows, the same each time. */
  static float[] features(int rows) {
    Random random = new Random(rows);
    float[] features = new float[rows * FEATURES];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextFloat() - 0.5f;
    }
    return features;
  }

  /** As {@link #features}, in a form that many programs use. */
  static float[][] featuresByRow(int rows) {
    float[] flat = features(rows);
    float[][] nested = new float[rows][FEATURES];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(flat, row * FEATURES, nested[row], 0, FEATURES);
    }
    return nested;
  }
}
