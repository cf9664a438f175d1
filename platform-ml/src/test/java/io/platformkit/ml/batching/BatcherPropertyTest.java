package io.platformkit.ml.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Many callers at once, each with rows that no other has. */
class BatcherPropertyTest {
  private static final int CALLERS = 64;
  private static final int CALLS = 200;
  private static final List<Priority> PRIORITIES = List.of(Priority.values());

  @ParameterizedTest(name = "seed {0}, lanes {1}, batches up to {2}, virtual threads {3}")
  @CsvSource({"1, 1, 64, false", "2, 2, 64, true", "3, 3, 16, true", "4, 2, 7, false"})
  void eachCallerGetsItsOwnAnswers(long seed, int lanes, int maxBatch, boolean virtual)
      throws Exception {
    try (ModelRunner runner = Doubling.runner();
        Batcher batcher =
            Batcher.builder(runner).lanes(lanes).maxBatch(maxBatch).queueRows(100_000).build()) {
      batcher.start();
      long rows =
          callFromManyThreads(
              virtual,
              caller -> {
                Random random = new Random(seed * CALLERS + caller);
                long done = 0;
                for (int call = 0; call < CALLS; call++) {
                  done += doubleSomeRows(batcher, caller, call, random);
                }
                return done;
              });
      BatchStats stats = batcher.stats();
      assertThat(stats.rows()).isEqualTo(rows);
      assertThat(stats.allShed() + stats.expired() + stats.failed() + stats.cancelled()).isZero();
      assertThat(stats.waitingRows()).isZero();
    }
  }

  private static int doubleSomeRows(Batcher batcher, int caller, int call, Random random)
      throws Exception {
    int rows = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4);
    float[] values = new float[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = caller * 100_000f + call * 100 + row;
    }
    Terms terms = Terms.of(PRIORITIES.get(random.nextInt(3)));
    Tensors outputs = Doubling.y(rows);
    Outcome outcome =
        random.nextBoolean()
            ? batcher.run(Doubling.x(values), outputs, terms)
            : batcher.submit(Doubling.x(values), outputs, terms).get();
    assertThat(outcome).isInstanceOf(Outcome.Computed.class);
    float[] doubled = Doubling.read(outputs);
    for (int row = 0; row < rows; row++) {
      assertThat(doubled[row]).isEqualTo(2 * values[row]);
    }
    return rows;
  }

  @ParameterizedTest(name = "seed {0}, adaptive {1}")
  @CsvSource({"11, true", "12, false"})
  void eachCallerGetsWhatOnnxRuntimeComputesOfItsRows(long seed, boolean adaptive)
      throws Exception {
    MlpModel model = MlpModel.of(8, 16, 2);
    try (ModelRunner runner =
            OnnxLoader.builder().build().load(new VersionId("mlp", "1"), model.fp32());
        Batcher batcher =
            Batcher.builder(runner)
                .lanes(2)
                .maxBatch(32)
                .adaptive(adaptive)
                .queueRows(100_000)
                .build()) {
      batcher.warmUp();
      batcher.start();
      callFromManyThreads(
          true,
          caller -> {
            Random random = new Random(seed * CALLERS + caller);
            List<CompletableFuture<Outcome>> underWay = new ArrayList<>();
            List<float[]> rows = new ArrayList<>();
            for (int call = 0; call < CALLS; call++) {
              float[] row = {random.nextFloat(), caller, call, 0, 1, 2, 3, random.nextFloat()};
              rows.add(row);
              Tensors inputs = Tensors.of(MlpModel.INPUT, Tensor.of(row, 1, 8));
              underWay.add(batcher.submit(inputs, Terms.within(Duration.ofMinutes(10))));
            }
            for (int call = 0; call < CALLS; call++) {
              Outcome.Computed computed = (Outcome.Computed) underWay.get(call).get();
              float[] expected = model.compute(rows.get(call));
              var scores = computed.outputs().get(MlpModel.OUTPUT).floats();
              for (int i = 0; i < expected.length; i++) {
                assertThat(scores.get(i))
                    .isCloseTo(expected[i], within(1e-5f * (1 + Math.abs(expected[i]))));
              }
            }
            return CALLS;
          });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22})
  void underLoadWithAllThatMayHappenEachRequestIsAnsweredOnce(long seed) throws Exception {
    AtomicInteger answers = new AtomicInteger();
    CountDownLatch busy = new CountDownLatch(CALLERS * CALLS / 4);
    try (ModelRunner runner = Doubling.runner();
        Batcher batcher = Batcher.builder(runner).lanes(2).maxBatch(8).queueRows(200).build()) {
      batcher.start();
      Thread closer = Thread.ofPlatform().start(() -> closeAfter(busy, batcher));
      long asked =
          callFromManyThreads(
              true,
              caller -> {
                Random random = new Random(seed * CALLERS + caller);
                for (int call = 0; call < CALLS; call++) {
                  Terms terms =
                      Terms.of(PRIORITIES.get(random.nextInt(3)))
                          .patience(Duration.ofNanos(1_000L << random.nextInt(16)));
                  float value = random.nextInt(20) == 0 ? Doubling.POISON : caller * 1_000 + call;
                  Tensors outputs = Doubling.y(1);
                  CompletableFuture<Outcome> future =
                      batcher.submit(Doubling.x(value), outputs, terms);
                  CompletableFuture<?> counted =
                      future.handle((outcome, failure) -> answers.incrementAndGet());
                  if (random.nextInt(10) == 0) {
                    future.cancel(false);
                  }
                  counted.get();
                  busy.countDown();
                  requireFitting(future, value, outputs);
                }
                return CALLS;
              });
      closer.join();
      BatchStats stats = batcher.stats();
      assertThat(answers).hasValue((int) asked);
      assertThat(stats.waitingRows()).isZero();
      assertThat(stats.allShed() + stats.expired() + stats.failed() + stats.cancelled())
          .isLessThanOrEqualTo(asked);
    }
  }

  private static void requireFitting(
      CompletableFuture<Outcome> future, float value, Tensors outputs) {
    if (future.isCancelled()) {
      return;
    }
    switch (future.join()) {
      case Outcome.Computed computed ->
          assertThat(Doubling.read(computed.outputs())).containsExactly(2 * value);
      case Outcome.Failed failed -> {
        assertThat(value).isEqualTo(Doubling.POISON);
        assertThat(failed.failure()).hasMessageContaining("poisoned");
      }
      case Outcome.Overloaded overloaded -> assertThat(Doubling.read(outputs)).containsExactly(0);
      case Outcome.Expired expired -> assertThat(Doubling.read(outputs)).containsExactly(0);
    }
  }

  private static void closeAfter(CountDownLatch latch, Batcher batcher) {
    try {
      latch.await();
      batcher.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private interface Caller {
    long call(int caller) throws Exception;
  }

  private static long callFromManyThreads(boolean virtual, Caller body) throws Exception {
    ThreadFactory factory = virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    try (ExecutorService threads = Executors.newThreadPerTaskExecutor(factory)) {
      List<Future<Long>> callers = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        int caller = i;
        callers.add(threads.submit(() -> body.call(caller)));
      }
      long sum = 0;
      for (Future<Long> caller : callers) {
        sum += caller.get();
      }
      return sum;
    }
  }
}
