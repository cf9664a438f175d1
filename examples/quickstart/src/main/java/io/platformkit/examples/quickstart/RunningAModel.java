package io.platformkit.examples.quickstart;

import io.platformkit.ml.FunctionRunner;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelSignature;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.onnx.ExecutionProvider;
import io.platformkit.ml.onnx.OnnxLoader;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Computes an ONNX file, and a function in Java, on tensors of the caller's. */
public final class RunningAModel {
  private RunningAModel() {}

  /** Scores some rows. */
  public static void main(String[] args) throws IOException {
    byte[] file = file();
    bound(file);
    onAGpu(file);
    inJava();
  }

  static byte[] file() throws IOException {
    try (InputStream file = RunningAModel.class.getResourceAsStream("ranker.onnx")) {
      return Objects.requireNonNull(file).readAllBytes();
    }
  }

  private static void bound(byte[] file) {
    // @start region="bound"
    var ranker = new VersionId("ranker", "1");
    try (var runner = OnnxLoader.builder().build().load(ranker, file)) {
      System.out.println(runner.signature().inputs());

      Tensor features = Tensor.allocate(TensorType.FLOAT32, 3, 2); // outside the heap, used again
      Tensor scores = Tensor.allocate(TensorType.FLOAT32, 3, 1);
      try (var binding =
          runner.bind(Tensors.of("features", features), Tensors.of("scores", scores))) {
        features.floats().put(new float[] {1, 2, 3, 4, 5, 6});
        binding.run(); // reads features and writes scores where they are
        System.out.println(scores.floats().get(0) + " " + scores.floats().get(2));
      }
    }
    // @end
  }

  private static void onAGpu(byte[] file) {
    // @start region="gpu"
    var loader =
        OnnxLoader.builder()
            .provider(ExecutionProvider.CUDA)
            .fallbackToCpu() // without it, a load fails where the GPU can't be used
            .gpuMemoryLimit(2L << 30)
            .frozenBatchSizes(1, 64)
            .build();
    try (var runner = loader.load(new VersionId("ranker", "1"), file)) {
      runner.degradation().ifPresent(why -> System.out.println(why.substring(0, 6)));
    }
    // @end
  }

  private static void inJava() {
    // @start region="function"
    var signature =
        new ModelSignature(
            List.of(TensorSpec.of("price", TensorType.FLOAT32, TensorSpec.ANY, 1)),
            List.of(TensorSpec.of("score", TensorType.FLOAT32, TensorSpec.ANY, 1)));
    ModelRunner runner =
        FunctionRunner.of(
            new VersionId("cheapest", "1"),
            signature,
            (inputs, outputs) -> {
              var price = inputs.get("price").floats();
              var score = outputs.get("score").floats();
              for (int row = 0; row < price.limit(); row++) {
                score.put(row, 1 / (1 + price.get(row)));
              }
            });
    Tensors scores = runner.run(Tensors.of("price", Tensor.of(new float[] {0, 3}, 2, 1)));
    System.out.println(scores.get("score").floats().get(1));
    // @end
    runner.close();
  }
}
