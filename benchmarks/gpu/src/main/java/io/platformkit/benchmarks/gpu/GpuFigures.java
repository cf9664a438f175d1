package io.platformkit.benchmarks.gpu;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.onnx.ExecutionProvider;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.onnx.OnnxLoaderBuilder;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs two multi-layer perceptrons on the GPU and on the processor, from one row to 16,384, from
 * the caller's memory into the caller's memory, and prints for each the difference to the
 * processor, the median latency and the rows a second of one caller. Ends with 1 where an answer is
 * further from the processor's than is stated, or the GPU can't be used.
 */
public final class GpuFigures {
  private static final Duration SPAN = Duration.ofMillis(500);
  private static final List<int[]> MODELS =
      List.of(new int[] {64, 128, 64, 1}, new int[] {512, 2048, 2048, 1});

  private final ExecutionProvider provider;
  private final Duration span;
  private final PrintStream out;
  private boolean equal = true;

  GpuFigures(ExecutionProvider provider, Duration span, PrintStream out) {
    this.provider = provider;
    this.span = span;
    this.out = out;
  }

  /** Takes no options. */
  public static void main(String[] arguments) {
    GpuFigures figures = new GpuFigures(ExecutionProvider.CUDA, SPAN, System.out);
    try {
      for (int[] layers : MODELS) {
        figures.measure(layers, IntStream.iterate(1, rows -> rows <= 16_384, rows -> 4 * rows));
      }
    } catch (ModelException failure) {
      System.err.println(failure.getMessage());
      System.exit(1);
    }
    System.exit(figures.isEqual() ? 0 : 1);
  }

  /** Whether all answers so far were as close as is stated. */
  boolean isEqual() {
    return equal;
  }

  /** One model, with these numbers of rows. */
  void measure(int[] layers, IntStream rows) {
    MlpModel model = MlpModel.of(layers);
    String name = String.join("-", IntStream.of(layers).mapToObj(Integer::toString).toList());
    out.printf(
        "%-16s %-5s %6s %11s %11s %13s %10s %8s%n",
        name, "", "rows", "p50 us", "p99 us", "rows/s", "difference", "allowed");
    try (Side cpu = new Side("CPU", OnnxLoader.builder(), model.fp32(), TensorType.FLOAT32, 0);
        Side fp32 = new Side("fp32", gpu(), model.fp32(), TensorType.FLOAT32, 1e-4);
        Side tf32 = new Side("tf32", tf32(), model.fp32(), TensorType.FLOAT32, 1e-2);
        Side fp16 = new Side("fp16", gpu(), model.fp16(), TensorType.FLOAT16, 2e-2)) {
      rows.forEach(count -> compare(layers[0], count, List.of(cpu, fp32, tf32, fp16)));
    }
  }

  private OnnxLoaderBuilder gpu() {
    OnnxLoaderBuilder options = OnnxLoader.builder().provider(provider);
    return provider == ExecutionProvider.CPU ? options : options.everyOperatorOnGpu();
  }

  private OnnxLoaderBuilder tf32() {
    return provider == ExecutionProvider.CPU ? gpu() : gpu().tf32(true);
  }

  private void compare(int width, int rows, List<Side> sides) {
    Random random = new Random(rows);
    float[] features = new float[rows * width];
    for (int i = 0; i < features.length; i++) {
      features[i] = 2 * random.nextFloat() - 1;
    }
    Tensor reference = sides.getFirst().measure(features, rows, Duration.ZERO).scores();
    for (Side side : sides) {
      Side.Measured measured = side.measure(features, rows, span);
      double difference = largestDifference(reference, measured.scores());
      equal &= difference <= side.tolerance();
      print(rows, side, measured, difference);
    }
  }

  /** To a score of 1 or below as it is; to a larger one as a share of it. */
  private static double largestDifference(Tensor reference, Tensor scores) {
    double largest = 0;
    for (int i = 0; i < scores.elements(); i++) {
      double expected = reference.floats().get(i);
      double difference = Math.abs(scores.floats().get(i) - expected);
      largest = Math.max(largest, difference / Math.max(1, Math.abs(expected)));
    }
    return largest;
  }

  private void print(int rows, Side side, Side.Measured measured, double difference) {
    out.printf(
        Locale.ROOT,
        "%-16s %-5s %,6d %,11.1f %,11.1f %,13.0f %10.1e %8.0e%s%n",
        "",
        side.name(),
        rows,
        measured.medianMicros(),
        measured.slowMicros(),
        rows / measured.medianMicros() * 1e6,
        difference,
        side.tolerance(),
        difference <= side.tolerance() ? "" : " DIFFERS");
  }
}
