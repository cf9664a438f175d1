package io.platformkit.benchmarks.batching;

import io.platformkit.benchmarks.Comparison;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.benchmarks.LoadDuel;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.VersionId;
import io.platformkit.ml.batching.BatchStats;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.onnx.MlpModel;
import io.platformkit.ml.onnx.OnnxLoader;

/** {@code ./bench duel batching}: 64 callers with a row each, or with eight. */
public final class BatchingDuel {
  private static final int LARGEST = 512; // as many as are ever in flight
  private static final int IN_FLIGHT_BATCH = 256;

  private final Duel duel;
  private final ModelRunner runner;
  private final Callers callers;
  private final LoadDuel platform;
  private final LoadDuel virtual;

  private BatchingDuel(Duel duel, ModelRunner runner, Callers callers) {
    this.duel = duel;
    this.runner = runner;
    this.callers = callers;
    this.platform = LoadDuel.of(duel);
    this.virtual = platform.onVirtualThreads();
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=blocking}, {@code --only=in flight}
   *     or {@code --only=adaptive}
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("batching", args);
    duel.title(
        "%d callers, %d processors, JDK %s"
            .formatted(
                Callers.COUNT, Runtime.getRuntime().availableProcessors(), Runtime.version()));
    byte[] model = MlpModel.fp32(Callers.LAYERS);
    try (ModelRunner runner =
            OnnxLoader.builder().build().load(new VersionId("ranker", "1"), model);
        Callers callers = new Callers(runner)) {
      new BatchingDuel(duel, runner, callers).run();
    }
  }

  private void run() throws Exception {
    if (duel.wants("blocking")) {
      blocking("blocking, virtual threads", virtual);
      blocking("blocking, platform threads", platform);
    }
    if (duel.wants("in flight")) {
      inFlight();
    }
    if (duel.wants("adaptive")) {
      adaptive();
    }
  }

  private Batcher batcher(int maxBatch, boolean adaptive) {
    Batcher batcher = Batcher.builder(runner).maxBatch(maxBatch).adaptive(adaptive).build();
    batcher.warmUp();
    batcher.start();
    return batcher;
  }

  private void blocking(String metric, LoadDuel load) throws InterruptedException {
    try (Batcher batcher = batcher(Callers.COUNT, true)) {
      load.run(
          metric,
          Callers.COUNT,
          1,
          (caller, turn) -> callers.blocking(caller, batcher),
          "each alone, bound",
          Kind.PEER,
          (caller, turn) -> callers.alone(caller));
      say(metric, batcher.stats());
    }
  }

  private void inFlight() throws Exception {
    String metric = "in flight %d each".formatted(Callers.IN_FLIGHT);
    int lanes = Runtime.getRuntime().availableProcessors();
    try (Batcher batcher = batcher(IN_FLIGHT_BATCH, true)) {
      virtual.run(
          metric,
          Callers.COUNT,
          Callers.IN_FLIGHT,
          (caller, turn) -> callers.inFlight(caller, batcher),
          "each alone, bound",
          Kind.PEER,
          (caller, turn) -> callers.allAlone(caller));
      say(metric, batcher.stats());
      int mean = (int) Math.round(batcher.stats().meanRows());
      try (FullBatches full = new FullBatches(mean, lanes)) {
        LoadDuel.Round ours =
            virtual.measure(
                Callers.COUNT,
                Callers.IN_FLIGHT,
                (caller, turn) -> callers.inFlight(caller, batcher));
        LoadDuel.Round limit = platform.measure(lanes, mean, (thread, turn) -> full.run(thread));
        report(metric, ours, limit, "ONNX Runtime, batches of %d".formatted(mean));
      }
    }
  }

  /** The best of sizes that are fixed, then that one beside a size that adapts. */
  private void adaptive() throws InterruptedException {
    int best = 1;
    double most = 0;
    for (int size = 1; size <= LARGEST; size *= 2) {
      try (Batcher fixed = batcher(size, false)) {
        LoadDuel.Round round = sweep(fixed);
        duel.say("fixed %d: %,.0f rows/s".formatted(size, round.perSecond()));
        best = round.perSecond() > most ? size : best;
        most = Math.max(most, round.perSecond());
      }
    }
    try (Batcher adaptive = batcher(LARGEST, true);
        Batcher fixed = batcher(best, false)) {
      virtual.run(
          "adaptive",
          Callers.COUNT,
          Callers.IN_FLIGHT,
          (caller, turn) -> callers.inFlight(caller, adaptive),
          "best fixed size, " + best,
          Kind.LIMIT,
          (caller, turn) -> callers.inFlight(caller, fixed));
      say("adaptive", adaptive.stats());
    }
  }

  private LoadDuel.Round sweep(Batcher batcher) throws InterruptedException {
    return virtual.measure(
        Callers.COUNT, Callers.IN_FLIGHT, (caller, turn) -> callers.inFlight(caller, batcher));
  }

  private void report(String metric, LoadDuel.Round ours, LoadDuel.Round limit, String name) {
    duel.report(
        Comparison.moreIsBetter(
            duel.name(), metric + ", 1/s", ours.perSecond(), limit.perSecond(), name, Kind.LIMIT));
  }

  private void say(String metric, BatchStats stats) {
    duel.say(
        "%s: %.1f rows a batch, p99 of waits %s"
            .formatted(metric, stats.meanRows(), stats.waitP99()));
  }
}
