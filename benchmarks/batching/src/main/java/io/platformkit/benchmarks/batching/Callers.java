package io.platformkit.benchmarks.batching;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Batcher;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.onnx.MlpModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Callers with rows of their own, and ways to have them scored. */
final class Callers implements AutoCloseable {
  static final int COUNT = 64;
  static final int IN_FLIGHT = 8;
  static final int[] LAYERS = {64, 128, 64, 1};

  private final List<Caller> callers;

  Callers(ModelRunner runner) {
    callers = IntStream.range(0, COUNT).mapToObj(i -> new Caller(runner, i)).toList();
  }

  /** Without batching, on tensors that are bound once. */
  void alone(int caller) {
    callers.get(caller).rows.getFirst().binding.run();
  }

  /** Without batching, all that a caller would have in flight. */
  void allAlone(int caller) {
    callers.get(caller).rows.forEach(row -> row.binding.run());
  }

  /** Waits for one row. */
  void blocking(int caller, Batcher batcher) throws InterruptedException {
    Row row = callers.get(caller).rows.getFirst();
    require(batcher.run(row.inputs, row.outputs, Terms.DEFAULT));
  }

  /** Asks for several rows, then waits for all. */
  void inFlight(int caller, Batcher batcher) throws InterruptedException, ExecutionException {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>(IN_FLIGHT);
    for (Row row : callers.get(caller).rows) {
      outcomes.add(batcher.submit(row.inputs, row.outputs, Terms.DEFAULT));
    }
    for (CompletableFuture<Outcome> outcome : outcomes) {
      require(outcome.get());
    }
  }

  float score(int caller, int row) {
    return callers.get(caller).rows.get(row).outputs.get(MlpModel.OUTPUT).floats().get(0);
  }

  static float[] features(int caller, int row) {
    float[] features = new float[LAYERS[0]];
    features[0] = caller / 64f;
    features[1] = row / 8f;
    return features;
  }

  private static void require(Outcome outcome) {
    if (!(outcome instanceof Outcome.Computed)) {
      throw new IllegalStateException("the outcome was " + outcome);
    }
  }

  @Override
  public void close() {
    callers.forEach(caller -> caller.rows.forEach(row -> row.binding.close()));
  }

  private static final class Caller {
    final List<Row> rows;

    Caller(ModelRunner runner, int index) {
      rows =
          IntStream.range(0, IN_FLIGHT)
              .mapToObj(row -> new Row(runner, features(index, row)))
              .toList();
    }
  }

  private static final class Row {
    final Tensors inputs;
    final Tensors outputs;
    final ModelRunner.Binding binding;

    Row(ModelRunner runner, float... features) {
      inputs = Tensors.of(MlpModel.INPUT, Tensor.of(features, 1, features.length));
      outputs = runner.signature().allocateOutputs(1);
      binding = runner.bind(inputs, outputs);
    }
  }
}
