package io.platformkit.ml.serving;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.NewVersion;
import io.platformkit.ml.registry.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * Promotes one version of an ONNX model after the other while threads ask for answers, and checks
 * that every row of every answer is from the version that the answer names. For one run.
 */
public final class SwapsUnderLoad {
  private static final String MODEL = "ranker";
  private static final MlpModel RANKER = MlpModel.of(64, 128, 64, 1);
  private static final float STEP = 1000; // far more than what the model gives without
  private static final int VERSIONS = 16; // different artifacts, used again and again
  private static final int MOST_ROWS = 5;
  private static final int KEPT = 8;
  private static final int MOST_FAULTS = 10;

  private final LongAdder answers = new LongAdder();
  private final LongAdder faulty = new LongAdder();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private int newest; // of those that answered
  private volatile boolean over;

  /**
   * What came of it.
   *
   * @param answers how many there were
   * @param faulty requests without an answer, or with rows of another version
   * @param faults some of them in words
   */
  public record Outcome(long swaps, long answers, long faulty, List<String> faults) {}

  /**
   * Swaps so often.
   *
   * @param progress told after each swap how many there were
   */
  public Outcome run(int swaps, int threads, LongConsumer progress) throws InterruptedException {
    try (ModelRegistry registry = ModelRegistry.inMemory();
        ModelServer serving =
            ModelServer.builder(registry, OnnxLoader.builder().build())
                .maxModels(3)
                .timeout(Duration.ofMinutes(1))
                .build()) {
      promote(registry, 0);
      serving.start();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int seed = i;
        callers.add(Thread.ofPlatform().name("caller-" + i).start(() -> ask(serving, seed)));
      }
      for (int swap = 1; swap <= swaps; swap++) {
        promote(registry, swap);
        awaitAnswer(swap);
        forget(registry, swap - KEPT);
        progress.accept(swap);
      }
      over = true;
      for (Thread caller : callers) {
        caller.join();
      }
      return new Outcome(swaps, answers.sum(), faulty.sum(), List.copyOf(faults));
    }
  }

  private static void promote(ModelRegistry registry, int swap) {
    String version = String.valueOf(swap);
    byte[] artifact = RANKER.shifted(STEP * (swap % VERSIONS)).fp32();
    registry.register(NewVersion.builder(MODEL, version).build(), artifact);
    registry.promote(MODEL, version);
  }

  private synchronized void awaitAnswer(int swap) throws InterruptedException {
    while (newest < swap) {
      wait();
    }
  }

  private synchronized void answered(int swap) {
    if (swap > newest) {
      newest = swap;
      notifyAll();
    }
  }

  private static void forget(ModelRegistry registry, int swap) {
    if (swap >= 0) {
      registry
          .version(MODEL, String.valueOf(swap))
          .filter(old -> old.stage() == Stage.RETIRED)
          .ifPresent(old -> registry.delete(MODEL, old.version()));
    }
  }

  private void ask(ModelServer serving, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    while (!over) {
      int rows = 1 + random.nextInt(MOST_ROWS);
      Tensor features = Tensor.allocate(TensorType.FLOAT32, rows, 64);
      var elements = features.floats();
      while (elements.hasRemaining()) {
        elements.put(random.nextFloat());
      }
      check(
          serving.infer(
              MODEL, Optional.empty(), Tensors.of(MlpModel.INPUT, features), Terms.DEFAULT));
    }
  }

  private void check(Served<Tensors> served) {
    answers.increment();
    if (!(served instanceof Served.Done<Tensors> done)) {
      fault("no answer: " + served);
      return;
    }
    int swap = Integer.parseInt(done.id().version());
    answered(swap);
    int version = swap % VERSIONS;
    var scores = done.value().get(MlpModel.OUTPUT).floats();
    while (scores.hasRemaining()) {
      float score = scores.get();
      if (Math.round(score / STEP) != version) {
        fault("version %d answered %s".formatted(version, score));
        return;
      }
    }
  }

  private void fault(String what) {
    faulty.increment();
    if (faults.size() < MOST_FAULTS) {
      faults.add(what);
    }
  }
}
