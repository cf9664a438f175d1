package io.platformkit.ml.batching;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes one batch after the other, on memory of its own. For one thread at a time: its own, or
 * that of a caller who found it idle.
 */
final class Lane implements AutoCloseable {
  /**
   * What computing a batch took, if it was one run.
   *
   * @param size which; -1 if it was not one run
   */
  record Run(int size, long nanos) {
    static final Run NOT_ONE = new Run(-1, 0);
  }

  private final ModelRunner runner;
  private final Sizes sizes;
  private final Timers timers;
  private final Counters counters;
  private final BatchMetrics metrics;
  private final ErrorHandler errors;
  private final RecentWaits waits = new RecentWaits();
  private @Nullable Buffers buffers;

  Lane(
      ModelRunner runner,
      Sizes sizes,
      Timers timers,
      Counters counters,
      BatchMetrics metrics,
      ErrorHandler errors) {
    this.runner = runner;
    this.sizes = sizes;
    this.timers = timers;
    this.counters = counters;
    this.metrics = metrics;
    this.errors = errors;
  }

  RecentWaits waits() {
    return waits;
  }

  Buffers buffers() {
    if (buffers == null) {
      buffers = new Buffers(runner, sizes);
    }
    return buffers;
  }

  /**
   * Computes requests and answers each.
   *
   * @param batch in all at most as many rows as the largest size, or one request
   */
  Run compute(List<Request> batch) {
    try {
      return batch.size() == 1 && batch.getFirst().rows > sizes.most()
          ? inParts(batch.getFirst())
          : together(batch);
    } catch (Throwable ours) {
      errors.handle("batch of " + runner.id(), ours);
      batch.forEach(request -> fail(request, ours));
      return Run.NOT_ONE;
    }
  }

  private Run together(List<Request> batch) {
    int rows = gather(batch);
    if (rows == 0) {
      return Run.NOT_ONE;
    }
    long begun = timers.nanoTime();
    Throwable failure = run(rows);
    long took = timers.nanoTime() - begun;
    if (failure == null) {
      Duration computed = Duration.ofNanos(took);
      record(rows, computed);
      for (Request request : batch) {
        scatter(request, rows, begun, computed);
      }
      return new Run(sizes.indexFor(rows), took);
    }
    if (batch.size() == 1) {
      fail(batch.getFirst(), failure);
    } else {
      int half = batch.size() / 2;
      together(batch.subList(0, half));
      together(batch.subList(half, batch.size()));
    }
    return Run.NOT_ONE;
  }

  private int gather(List<Request> batch) {
    int rows = 0;
    for (Request request : batch) {
      if (request.touch()) {
        copyIn(rows, request, 0, request.rows);
        request.firstRow = rows;
        rows += request.rows;
      }
    }
    return rows;
  }

  private void scatter(Request request, int batchRows, long begun, Duration computed) {
    if (copyOut(request.firstRow, request, 0, request.rows)) {
      finish(request, batchRows, begun, computed);
    }
  }

  private void copyIn(int row, Request request, int from, int count) {
    try {
      buffers().copyIn(row, request.inputs, from, count);
    } finally {
      request.release();
    }
  }

  /** Leaves it touched; false if the caller has its tensors back. */
  private boolean copyOut(int row, Request request, int to, int count) {
    if (!request.touch()) {
      return false;
    }
    try {
      buffers().copyOut(row, request.outputs, to, count);
      return true;
    } catch (Throwable failure) {
      request.release();
      throw failure;
    }
  }

  private void finish(Request request, int batchRows, long begun, Duration computed) {
    long waited = begun - request.since;
    try {
      waits.add(waited);
      metrics.waited(waited);
    } finally {
      request.finish(batchRows, waited, computed);
    }
  }

  /** More rows than the largest size: one run after the other. */
  private Run inParts(Request request) {
    long begun = timers.nanoTime();
    Duration computed = Duration.ZERO;
    for (int from = 0; from < request.rows; from += sizes.most()) {
      int count = Math.min(sizes.most(), request.rows - from);
      if (!request.touch()) {
        return Run.NOT_ONE;
      }
      copyIn(0, request, from, count);
      long start = timers.nanoTime();
      Throwable failure = run(count);
      if (failure != null) {
        fail(request, failure);
        return Run.NOT_ONE;
      }
      Duration part = Duration.ofNanos(timers.nanoTime() - start);
      record(count, part);
      computed = computed.plus(part);
      if (!copyOut(0, request, from, count)) {
        return Run.NOT_ONE;
      }
      if (from + count < request.rows) {
        request.release();
      }
    }
    finish(request, request.rows, begun, computed);
    return Run.NOT_ONE;
  }

  private @Nullable Throwable run(int rows) {
    int size = sizes.indexFor(rows);
    try {
      buffers().repeatRow(rows - 1, sizes.get(size));
      buffers().run(size);
      return null;
    } catch (Throwable failure) {
      if (failure instanceof Error) {
        errors.handle("run of " + runner.id(), failure);
      }
      return failure;
    }
  }

  private void record(int rows, Duration computed) {
    counters.batches.increment();
    counters.rows.add(rows);
    metrics.computed(rows, computed);
  }

  private void fail(Request request, Throwable failure) {
    ModelException known =
        failure instanceof ModelException model
            ? model
            : new ModelException(runner.id(), "the run failed: " + failure.getMessage(), failure);
    if (request.answer(new Outcome.Failed(known))) {
      counters.failed.increment();
    }
  }

  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
    }
  }
}
