package io.platformkit.benchmarks.gpu;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelRunner.Binding;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoaderBuilder;
import java.nio.ShortBuffer;
import java.time.Duration;
import java.util.Arrays;

/** One way to compute a model. */
final class Side implements AutoCloseable {
  private static final int FEWEST_RUNS = 3;
  private static final int MOST_RUNS = 20_000;

  private final String name;
  private final TensorType type;
  private final double tolerance;
  private final ModelRunner runner;

  /**
   * Loaded.
   *
   * @param type of inputs and outputs
   * @param tolerance how far its scores may be from those of the processor
   */
  Side(String name, OnnxLoaderBuilder options, byte[] file, TensorType type, double tolerance) {
    this.name = name;
    this.type = type;
    this.tolerance = tolerance;
    this.runner = options.build().load(new VersionId("mlp", name), file);
  }

  /**
   * What came of it.
   *
   * @param scores in 32 bits
   * @param slowMicros what 99 of 100 runs were faster than
   */
  record Measured(Tensor scores, double medianMicros, double slowMicros) {}

  String name() {
    return name;
  }

  double tolerance() {
    return tolerance;
  }

  /** Runs it for so long, and as long before to warm it up. */
  Measured measure(float[] features, int rows, Duration span) {
    Tensor input = Tensor.allocate(type, rows, features.length / rows);
    fill(input, features);
    Tensor output = Tensor.allocate(type, rows, 1);
    try (Binding binding =
        runner.bind(Tensors.of(MlpModel.INPUT, input), Tensors.of(MlpModel.OUTPUT, output))) {
      time(binding, span);
      long[] nanos = time(binding, span);
      Arrays.sort(nanos);
      return new Measured(
          inSinglePrecision(output),
          nanos[nanos.length / 2] / 1e3,
          nanos[nanos.length * 99 / 100] / 1e3);
    }
  }

  private static long[] time(Binding binding, Duration span) {
    long[] nanos = new long[MOST_RUNS];
    long start = System.nanoTime();
    int runs = 0;
    for (long now = start;
        runs < FEWEST_RUNS || (runs < MOST_RUNS && now - start < span.toNanos());
        runs++) {
      binding.run();
      long end = System.nanoTime();
      nanos[runs] = end - now;
      now = end;
    }
    return Arrays.copyOf(nanos, runs);
  }

  private void fill(Tensor input, float[] features) {
    if (type == TensorType.FLOAT32) {
      input.floats().put(features);
      return;
    }
    ShortBuffer halves = input.shorts();
    for (float feature : features) {
      halves.put(Float.floatToFloat16(feature));
    }
  }

  private Tensor inSinglePrecision(Tensor output) {
    if (type == TensorType.FLOAT32) {
      return output;
    }
    Tensor scores = Tensor.allocate(TensorType.FLOAT32, output.shape());
    for (int i = 0; i < scores.elements(); i++) {
      scores.floats().put(i, Float.float16ToFloat(output.shorts().get(i)));
    }
    return scores;
  }

  @Override
  public void close() {
    runner.close();
  }
}
