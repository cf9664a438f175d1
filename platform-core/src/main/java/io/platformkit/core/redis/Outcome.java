package io.platformkit.core.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What comes of a call, for whoever asked. It completes on the executor, never on the client's
 * thread; but if a thread waits for it and nothing hangs on it, that thread completes it itself,
 * for to start another one and be woken by it costs as much as the call.
 */
final class Outcome<T> extends CompletableFuture<T> {
  private final Call call;
  private final Supplier<T> reader;
  private final Executor executor;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicReference<@Nullable Thread> waiting = new AtomicReference<>();

  private Outcome(Call call, Supplier<T> reader, Executor executor) {
    this.call = call;
    this.reader = reader;
    this.executor = executor;
  }

  /**
   * Of a call that was not sent yet.
   *
   * @param reader called once, when the call is complete; what it throws is the outcome
   * @param executor has a thread for each task, so that none waits for another
   */
  static <T> Outcome<T> of(Call call, Supplier<T> reader, Executor executor) {
    Outcome<T> made = new Outcome<>(call, reader, executor);
    CompletableFuture<?> unused = call.whenComplete((answer, failure) -> made.answered());
    return made;
  }

  /** On a thread of the client. */
  private void answered() {
    Thread waiter = waiting.get();
    if (waiter == null || hasDependents()) {
      executor.execute(this::read);
    }
    LockSupport.unpark(waiter);
  }

  private boolean hasDependents() {
    return getNumberOfDependents() > 0;
  }

  private void read() {
    if (taken.compareAndSet(false, true)) {
      try {
        super.complete(reader.get());
      } catch (RuntimeException | Error failure) {
        super.completeExceptionally(failure);
      }
    }
  }

  /**
   * Waits as the one thread that may read the answer. Returns early when it is interrupted, when
   * something hangs on this or another waits already: then waiting is the future's own affair.
   */
  private void await(long nanos) {
    if (isDone() || hasDependents() || !waiting.compareAndSet(null, Thread.currentThread())) {
      return;
    }
    long end = System.nanoTime() + nanos;
    long left = nanos;
    while (left > 0 && !call.isDone() && !isDone() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = end - System.nanoTime();
    }
    waiting.set(null);
    if (call.isDone() && !taken.get()) { // whoever answered may have left it to this thread
      if (hasDependents()) {
        executor.execute(this::read);
      } else {
        read();
      }
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    await(Long.MAX_VALUE);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + unit.toNanos(timeout);
    await(unit.toNanos(timeout));
    return super.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  @Override
  public T join() {
    await(Long.MAX_VALUE);
    return super.join();
  }

  @Override
  public boolean complete(T value) {
    return waking(super.complete(value));
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return waking(super.completeExceptionally(failure));
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return waking(super.cancel(mayInterruptIfRunning));
  }

  /** For the thread that waits here and not in the future itself. */
  private boolean waking(boolean completed) {
    LockSupport.unpark(waiting.get());
    return completed;
  }
}
