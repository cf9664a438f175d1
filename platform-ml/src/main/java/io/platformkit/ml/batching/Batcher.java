package io.platformkit.ml.batching;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensors;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Computes the rows of many callers together on one runner. Safe for concurrent use.
 *
 * <p>A request that finds an idle lane is computed at once; a blocking one on its caller's own
 * thread if runs are known to take less than a millisecond. A request that finds all lanes busy
 * waits. A lane that comes free takes what waits: high priority before normal before low, and in
 * order of age within one, but every eighth batch by age alone. If other lanes are free too, it
 * leaves them their share of what is worth a run. If all others are computing, and less waits than
 * is worth a run, it lets requests wait for more, until a lane comes free or the oldest has waited
 * for the {@linkplain BatcherBuilder#maxWait longest wait}.
 *
 * <p>When a run of several requests fails, they are run again in halves, until those that fail are
 * alone: one of n costs at most 2·⌈log₂ n⌉ more runs, and if all fail there are 2·n − 2 more.
 *
 * <p>A caller's tensors are read and written between request and outcome only, and left alone once
 * the caller has an outcome or has cancelled. Rows are copied, and a request with more of them than
 * a batch may have is computed in parts, one after the other.
 */
public final class Batcher implements AutoCloseable {
  private final ModelRunner runner;
  private final Lifecycle lifecycle;
  private final Duration drainTimeout;
  private final Columns columns;
  private final Sizes sizes;
  private final Counters counters = new Counters();
  private final Timers timers;
  private final AutoCloseable ownTimers;
  private final BatchMetrics metrics;
  private final Dispatcher dispatcher;
  private volatile boolean started;

  Batcher(BatcherBuilder options) {
    this.runner = options.runner;
    this.lifecycle = new Lifecycle("batcher of " + runner.id());
    this.drainTimeout = options.drainTimeout;
    this.columns = new Columns(runner, options.queueRows);
    this.sizes = options.sizes();
    if (options.timers == null) {
      SystemTimers own = SystemTimers.create(options.errors);
      this.timers = own;
      this.ownTimers = own;
    } else {
      this.timers = options.timers;
      this.ownTimers = () -> {};
    }
    this.metrics = new BatchMetrics(options.registry, runner.id());
    this.dispatcher =
        new Dispatcher(
            options,
            timers,
            counters,
            () -> new Lane(runner, sizes, timers, counters, metrics, options.errors));
  }

  /**
   * Options, each with a default.
   *
   * @param runner of a model that is {@link io.platformkit.ml.ModelSignature#isBatchable}; not
   *     closed
   */
  public static BatcherBuilder builder(ModelRunner runner) {
    return new BatcherBuilder(runner);
  }

  /** The numbers of rows that runs have, ascending. */
  public List<Integer> sizes() {
    return Arrays.stream(sizes.toArray()).boxed().toList();
  }

  private int waitingRows() {
    return dispatcher.waitingRows();
  }

  /** As {@link #warmUp(Tensors)}, with zeros, or empty strings. */
  public void warmUp() {
    warmUp(runner.signature().allocateInputs(1));
  }

  /**
   * Runs each size on each lane, so that no request pays for what a runtime does at first, and the
   * times of runs are known. Before the start. Blocks.
   *
   * @param sample inputs, of which the first row is used
   * @throws io.platformkit.ml.ModelException if the model fails on it
   * @throws IllegalStateException if the batcher was started or closed
   */
  public void warmUp(Tensors sample) {
    lifecycle.requireOpen();
    if (started) {
      throw new IllegalStateException(
          "batcher of %s was already started; warm it up before".formatted(runner.id()));
    }
    columns.rows(sample, columns.inputs(sample));
    new WarmUp(sizes, timers, dispatcher).run(columns.inputs(sample));
  }

  /**
   * Begins to serve; once.
   *
   * @throws IllegalStateException if it was called before, or the batcher is closed
   */
  public void start() {
    lifecycle.start(() -> {
      metrics.open(counters, this::waitingRows);
      dispatcher.start();
      started = true;
    });
  }

  /**
   * Asks for a computation. Does not block.
   *
   * @param inputs one for each input by name, all with the same number of rows: 1 to as many as may
   *     wait. Not to be changed before the outcome is known
   * @param outputs by name, with as many rows; those that are missing are not given
   * @return its outcome; never fails by itself. What hangs on it runs on the lane's thread: it must
   *     be quick or go elsewhere ({@code thenApplyAsync}), and never wait for this batcher.
   *     Cancelling it, or completing it otherwise, takes the request back: when that returns, the
   *     tensors are the caller's again
   * @throws io.platformkit.ml.ModelInputException if an input is missing, unknown, or of another
   *     type or shape
   * @throws IllegalArgumentException if an output is unknown, or of another type or shape
   * @throws IllegalStateException if the batcher was not started
   */
  public CompletableFuture<Outcome> submit(Tensors inputs, Tensors outputs, Terms terms) {
    requireStarted();
    Request request = request(inputs, outputs, terms);
    dispatcher.submit(request);
    return request;
  }

  /** As {@link #submit(Tensors, Tensors, Terms)}, with new tensors for all outputs. */
  public CompletableFuture<Outcome> submit(Tensors inputs, Terms terms) {
    return submit(inputs, allocatedFor(inputs), terms);
  }

  /**
   * Asks for a computation and waits for its outcome.
   *
   * @param inputs as for {@link #submit(Tensors, Tensors, Terms)}
   * @param outputs as for {@link #submit(Tensors, Tensors, Terms)}
   * @throws InterruptedException if the thread is interrupted while it waits; the request is taken
   *     back then, and its tensors are the caller's again
   * @throws io.platformkit.ml.ModelInputException as for {@code submit}
   * @throws IllegalArgumentException as for {@code submit}
   * @throws IllegalStateException if the batcher was not started
   */
  public Outcome run(Tensors inputs, Tensors outputs, Terms terms) throws InterruptedException {
    requireStarted();
    Request request = request(inputs, outputs, terms);
    dispatcher.submitOrCompute(request);
    try {
      return request.get();
    } catch (InterruptedException interruption) {
      if (request.cancel(false)) {
        throw interruption;
      }
      Thread.currentThread().interrupt();
      return request.join(); // it was just answered
    } catch (ExecutionException impossible) {
      throw new IllegalStateException("the outcome is never an exception", impossible);
    }
  }

  /** As {@link #run(Tensors, Tensors, Terms)}, with new tensors for all outputs. */
  public Outcome run(Tensors inputs, Terms terms) throws InterruptedException {
    return run(inputs, allocatedFor(inputs), terms);
  }

  private void requireStarted() {
    if (!started) {
      throw new IllegalStateException(
          "batcher of %s was not started; call start() first".formatted(runner.id()));
    }
  }

  Request request(Tensors inputs, Tensors outputs, Terms terms) {
    return new Request(dispatcher, columns, inputs, outputs, terms);
  }

  private Tensors allocatedFor(Tensors inputs) {
    return runner.signature().allocateOutputs(columns.rows(inputs, columns.inputs(inputs)));
  }

  /** What happened so far. */
  public BatchStats stats() {
    return counters.snapshot(waitingRows(), dispatcher.lanes());
  }

  /**
   * Refuses new requests, and computes those that were accepted, within the drain timeout; answers
   * the rest {@link Outcome.Overloaded}, with reason {@link Outcome.Overloaded#CLOSED}. The runner
   * stays open.
   *
   * @throws io.platformkit.core.PlatformException if a run was still under way then
   */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(drainTimeout)
            .then("batch lanes", dispatcher::drain)
            .then("waiting requests", dispatcher::abandon)
            .then("batch meters", metrics)
            .then("batch timers", ownTimers)
            .run());
  }
}
