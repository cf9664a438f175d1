package io.platformkit.ml.batching;

import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Doubles numbers when the test lets it, and remembers what each run was given. */
final class GatedModel {
  final ModelRunner runner = Doubling.runner(this::run);
  private final Semaphore entered = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);
  private final List<List<Float>> runs = Collections.synchronizedList(new ArrayList<>());

  private void run(Tensors inputs, Tensors outputs) {
    List<Float> rows = new ArrayList<>();
    var x = inputs.get("x").floats();
    while (x.hasRemaining()) {
      rows.add(x.get());
    }
    runs.add(rows);
    entered.release();
    gate.acquireUninterruptibly();
  }

  /** Waits until so many more runs have begun. */
  void awaitRuns(int count) throws InterruptedException {
    if (!entered.tryAcquire(count, 30, TimeUnit.SECONDS)) {
      throw new AssertionError("no run began; so far " + runs);
    }
  }

  /** Lets so many runs go on, those to come included. */
  void letGo(int count) {
    gate.release(count);
  }

  void open() {
    gate.release(1_000_000);
  }

  /** What each run was given, in the order in which they began. */
  List<List<Float>> runs() {
    synchronized (runs) {
      return List.copyOf(runs);
    }
  }
}
