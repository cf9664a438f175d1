package io.platformkit.ml.serving;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.BatchStats;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Each request alone, for models whose inputs are no rows. So many run at once; so many wait, in
 * the order in which they came.
 */
final class SeparateLanes implements Lanes {
  private final ModelRunner runner;
  private final Semaphore running;
  private final Semaphore room; // for those that run or wait

  SeparateLanes(ModelRunner runner, int lanes, int waiting) {
    this.runner = runner;
    this.running = new Semaphore(lanes, true);
    this.room = new Semaphore(lanes + waiting);
  }

  @Override
  public Outcome run(Tensors inputs, Terms terms) {
    runner.signature().requireInputs(runner.id(), inputs);
    if (!room.tryAcquire()) {
      return new Outcome.Overloaded(Outcome.Overloaded.FULL);
    }
    try {
      return inTurn(inputs, terms);
    } finally {
      room.release();
    }
  }

  private Outcome inTurn(Tensors inputs, Terms terms) {
    long begin = System.nanoTime();
    try {
      if (!running.tryAcquire(nanos(terms.patience()), TimeUnit.NANOSECONDS)) {
        return new Outcome.Expired(since(begin));
      }
    } catch (InterruptedException e) {
      return Lanes.interrupted(runner.id(), e);
    }
    Duration waited = since(begin);
    try {
      Tensors outputs = runner.run(inputs);
      return new Outcome.Computed(outputs, 1, waited, since(begin).minus(waited));
    } catch (ModelException failure) {
      return new Outcome.Failed(failure);
    } finally {
      running.release();
    }
  }

  private static long nanos(Optional<Duration> patience) {
    return patience.map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public Optional<BatchStats> stats() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
