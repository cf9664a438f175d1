package io.platformkit.examples.quickstart;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Priority;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.onnx.OnnxLoader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;

/** Computes rows of many callers together. */
public final class ManyCallers {
  private ManyCallers() {}

  /** Scores a row for each of a thousand callers. */
  public static void main(String[] args) throws IOException, InterruptedException {
    VersionId id = new VersionId("ranker", "1");
    try (ModelRunner runner = OnnxLoader.builder().build().load(id, RunningAModel.file())) {
      // @start region="batching"
      try (var batcher = Batcher.builder(runner).maxBatch(64).build()) {
        batcher.warmUp(); // runs each of batcher.sizes()
        batcher.start();
        var outcomes = new ArrayList<CompletableFuture<Outcome>>();
        for (int caller = 0; caller < 1000; caller++) {
          Tensors row = Tensors.of("features", Tensor.of(new float[] {caller, 2}, 1, 2));
          outcomes.add(batcher.submit(row, Terms.DEFAULT));
        }
        outcomes.forEach(CompletableFuture::join);
        System.out.println(batcher.stats().rows() + " rows");
      }
      // @end
      waitingNoLonger(runner);
    }
  }

  private static void waitingNoLonger(ModelRunner runner) throws InterruptedException {
    try (Batcher batcher = Batcher.builder(runner).build()) {
      batcher.start();
      Tensors inputs = Tensors.of("features", Tensor.of(new float[] {1, 2}, 1, 2));
      // @start region="outcomes"
      Terms terms = Terms.of(Priority.HIGH).patience(Duration.ofSeconds(5));
      String shown =
          switch (batcher.run(inputs, terms)) {
            case Outcome.Computed computed ->
                "score " + computed.outputs().get("scores").floats().get(0);
            case Outcome.Overloaded overloaded -> "no scores: " + overloaded.reason();
            case Outcome.Expired expired -> "no scores after " + expired.waited();
            case Outcome.Failed failed -> throw failed.failure();
          };
      // @end
      System.out.println(shown);
    }
  }
}
