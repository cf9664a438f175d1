package io.platformkit.ml.batching;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.Tensors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one caller, and the future of their outcome.
 *
 * <p>The caller's tensors are its own again as soon as it knows an outcome, its own cancellation
 * included. So a lane touches them only between {@link #touch} and {@link #release} or {@link
 * #finish}, and whoever ends the request otherwise waits while they are being copied.
 */
final class Request extends CompletableFuture<Outcome> {
  private static final AtomicIntegerFieldUpdater<Request> STATE =
      AtomicIntegerFieldUpdater.newUpdater(Request.class, "state");
  private static final int OPEN = 0;
  private static final int TOUCHED = 1;
  private static final int OVER = 2;
  private static final long LOOK_AGAIN = 10_000; // nanoseconds, while rows are copied

  final @Nullable Tensor[] inputs; // in the signature's order
  final @Nullable Tensor[] outputs; // null where the caller gave none
  final int rows;
  final Priority priority;
  final long since; // by the timers
  final long patience; // nanoseconds; Long.MAX_VALUE: without end

  // where it waits: the line's
  @Nullable Request ahead;
  @Nullable Request behind;
  boolean waiting;

  /** Its first row in the lane's buffers; the lane's. */
  int firstRow;

  private final Dispatcher dispatcher;
  private final Tensors given;
  private volatile int state = OPEN;

  Request(Dispatcher dispatcher, Columns columns, Tensors inputs, Tensors outputs, Terms terms) {
    this.dispatcher = dispatcher;
    this.inputs = columns.inputs(inputs);
    this.rows = columns.rows(inputs, this.inputs);
    this.outputs = columns.outputs(outputs, rows);
    this.given = outputs;
    this.priority = terms.priority();
    this.patience =
        terms.patience().isPresent() ? terms.patience().get().toNanos() : Long.MAX_VALUE;
    this.since = dispatcher.now();
  }

  boolean isExpired(long now) {
    return now - since >= patience;
  }

  boolean hasDeadline() {
    return patience != Long.MAX_VALUE;
  }

  /** Keeps its tensors from going back to the caller; false if they have. */
  boolean touch() {
    return STATE.compareAndSet(this, OPEN, TOUCHED);
  }

  /** Ends what {@link #touch} began. */
  void release() {
    state = OPEN;
  }

  /** Ends what {@link #touch} began, and gives the caller its results. */
  void finish(int batchRows, long waited, Duration computed) {
    state = OVER;
    super.complete(new Outcome.Computed(given, batchRows, Duration.ofNanos(waited), computed));
  }

  /** Gives an outcome without results, unless there is one; whether this is it. */
  boolean answer(Outcome outcome) {
    return end() && super.complete(outcome);
  }

  private boolean end() {
    while (!STATE.compareAndSet(this, OPEN, OVER)) {
      if (state == OVER) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN);
    }
    return true;
  }

  private boolean giveUp() {
    if (!end()) {
      return false;
    }
    dispatcher.gaveUp(this);
    return true;
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return giveUp() ? super.cancel(mayInterruptIfRunning) : isCancelled();
  }

  @Override
  public boolean complete(Outcome outcome) {
    return giveUp() && super.complete(outcome);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return giveUp() && super.completeExceptionally(failure);
  }
}
