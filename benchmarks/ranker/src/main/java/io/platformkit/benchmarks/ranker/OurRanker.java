package io.platformkit.benchmarks.ranker;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import java.nio.FloatBuffer;

/** Bound once, and run. What comes from arrays and goes to arrays is copied at each run. */
final class OurRanker implements Ranker {
  /** Where the features of a run come from. */
  enum From {
    /** They are in the tensor. */
    TENSOR,
    /** From a {@code float[]}, and the scores go to one. */
    ARRAY,
    /** From a {@code float[][]}, and the scores go to a {@code float[]}. */
    NESTED
  }

  private final From from;
  private final ModelRunner runner;
  private final ModelRunner.Binding binding;
  private final FloatBuffer features;
  private final FloatBuffer output;
  private final float[] flat;
  private final float[][] nested;
  private final float[] scores;

  OurRanker(int rows, From from) {
    this.from = from;
    VersionId id = new VersionId("ranker", "1");
    runner = OnnxLoader.builder().build().load(id, Ranker.model().fp32());
    Tensors inputs = runner.signature().allocateInputs(rows);
    Tensors outputs = runner.signature().allocateOutputs(rows);
    binding = runner.bind(inputs, outputs);
    features = inputs.get(MlpModel.INPUT).floats();
    output = outputs.get(MlpModel.OUTPUT).floats();
    flat = Ranker.features(rows);
    nested = Ranker.featuresByRow(rows);
    scores = new float[rows];
    features.put(0, flat);
  }

  @Override
  public void run() {
    switch (from) {
      case TENSOR -> binding.run();
      case ARRAY -> {
        features.put(0, flat);
        binding.run();
        output.get(0, scores);
      }
      case NESTED -> {
        for (int row = 0; row < nested.length; row++) {
          features.put(row * FEATURES, nested[row]);
        }
        binding.run();
        output.get(0, scores);
      }
    }
  }

  @Override
  public float[] scores() {
    output.get(0, scores);
    return scores;
  }

  @Override
  public void close() {
    binding.close();
    runner.close();
  }
}
