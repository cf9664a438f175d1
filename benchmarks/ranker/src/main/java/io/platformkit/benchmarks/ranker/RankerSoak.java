package io.platformkit.benchmarks.ranker;

import io.platformkit.benchmarks.Soak;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * {@code ./bench soak ranker}: runs on bound tensors, runs on new ones, and batches of many
 * callers, for ten minutes. Memory, files and threads must not grow; ends with 1 if they do.
 */
public final class RankerSoak {
  private static final int ROWS = 500;
  private static final int BATCH_CALLERS = 16;

  private final LongAdder runs = new LongAdder();
  private final LongAdder batched = new LongAdder();
  private final AtomicBoolean over = new AtomicBoolean();

  private RankerSoak() {}

  /**
   * Runs it.
   *
   * @param args {@code --quick} for one minute
   */
  public static void main(String[] args) throws Exception {
    System.exit(new RankerSoak().run(Soak.of("ranker", args)) ? 0 : 1);
  }

  private boolean run(Soak soak) throws Exception {
    OnnxLoader loader = OnnxLoader.builder().build();
    try (ModelRunner runner = loader.load(new VersionId("ranker", "1"), Ranker.model().fp32());
        Batcher batcher = Batcher.builder(runner).build();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      batcher.warmUp();
      batcher.start();
      Thread bound = Thread.ofPlatform().name("bound").start(() -> guarded(() -> bound(runner)));
      Thread fresh = Thread.ofPlatform().name("fresh").start(() -> guarded(() -> fresh(runner)));
      for (int i = 0; i < BATCH_CALLERS; i++) {
        callers.execute(() -> guarded(() -> batched(runner, batcher)));
      }
      boolean flat =
          soak.watch(
              () -> "%,d runs, %,d batched rows".formatted(runs.sum(), batched.sum()),
              () -> !over.get());
      over.set(true);
      bound.join();
      fresh.join();
      return flat;
    }
  }

  private interface Body {
    void run() throws Exception;
  }

  private void guarded(Body body) {
    try {
      while (!over.get()) {
        body.run();
      }
    } catch (Exception e) {
      System.out.println("FAILED: " + e);
      over.set(true);
    }
  }

  /** Binds, runs a thousand times, and lets go. */
  private void bound(ModelRunner runner) {
    Tensors inputs = runner.signature().allocateInputs(ROWS);
    Tensors outputs = runner.signature().allocateOutputs(ROWS);
    try (ModelRunner.Binding binding = runner.bind(inputs, outputs)) {
      for (int i = 0; i < 1_000 && !over.get(); i++) {
        binding.run();
        runs.increment();
      }
    }
  }

  /** Runs on tensors that nobody uses again; their outputs are ONNX Runtime's. */
  private void fresh(ModelRunner runner) {
    Tensors inputs = runner.signature().allocateInputs(ROWS);
    for (int i = 0; i < 100 && !over.get(); i++) {
      require(runner.run(inputs).get(MlpModel.OUTPUT).rows() == ROWS);
      runs.increment();
    }
  }

  private void batched(ModelRunner runner, Batcher batcher) throws InterruptedException {
    Tensors inputs = runner.signature().allocateInputs(1);
    Tensors outputs = runner.signature().allocateOutputs(1);
    for (int i = 0; i < 1_000 && !over.get(); i++) {
      require(batcher.run(inputs, outputs, Terms.DEFAULT) instanceof Outcome.Computed);
      batched.increment();
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalStateException("an answer was wrong");
    }
  }
}
