package io.platformkit.core.cache;

import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Interrupts calls that take longer than a limit, give or take a quarter of it. One timer runs for
 * all calls, and none while there are none: a timer for each would cost more than many a call.
 */
final class Watch {
  private final Timers timers;
  private final Duration limit;
  private final Set<Call> calls = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();

  Watch(Timers timers, Duration limit) {
    this.timers = timers;
    this.limit = limit;
  }

  /** What the work gave, or threw; it was interrupted if {@link OverdueException} is thrown. */
  <T> T within(Supplier<T> work) {
    Call call = new Call(timers.nanoTime() + limit.toNanos());
    calls.add(call);
    arm();
    try {
      return work.get();
    } catch (RuntimeException failure) {
      if (call.end()) {
        throw new OverdueException(failure);
      }
      throw failure;
    } finally {
      calls.remove(call);
      call.end();
    }
  }

  private void arm() {
    if (!armed.get() && armed.compareAndSet(false, true)) {
      timers.after("cache-watch", limit.dividedBy(4), this::check);
    }
  }

  private void check() {
    long now = timers.nanoTime();
    calls.forEach(call -> call.interruptIfOverdue(now));
    armed.set(false);
    if (!calls.isEmpty()) {
      arm();
    }
  }

  /** A call took too long and was interrupted. */
  static final class OverdueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OverdueException(RuntimeException cause) {
      super(cause);
    }
  }

  private static final class Call {
    private final Thread caller = Thread.currentThread();
    private final long end;
    private final ReentrantLock lock = new ReentrantLock(); // guards what follows
    private boolean working = true;
    private boolean interrupted;

    Call(long end) {
      this.end = end;
    }

    void interruptIfOverdue(long now) {
      if (now - end < 0) {
        return;
      }
      lock.lock();
      try {
        if (working && !caller.isInterrupted()) {
          interrupted = true;
          caller.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Whether it was interrupted here; from now on the flag is that of others. */
    boolean end() {
      lock.lock();
      try {
        if (working && interrupted) {
          Thread.interrupted();
        }
        working = false;
        return interrupted;
      } finally {
        lock.unlock();
      }
    }
  }
}
