package io.platformkit.core.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Calls in the order in which they came. Safe for concurrent use. */
final class WaitingCalls {
  private final Call<?> end;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition arrived = lock.newCondition();
  private final Queue<Call<?>> calls = new ArrayDeque<>();
  private int coming; // threads that will look without being woken
  private boolean ended;

  /**
   * Nothing waits.
   *
   * @param end what all threads get when nothing comes any more
   */
  WaitingCalls(Call<?> end) {
    this.end = end;
  }

  /** False after the end. */
  boolean add(Call<?> call) {
    lock.lock();
    try {
      if (ended) {
        return false;
      }
      calls.add(call);
      if (coming < calls.size()) {
        arrived.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next one; null if nothing has come for so long.
   *
   * @param first is run when this thread counts as waiting already; must not throw
   */
  @Nullable Call<?> takeWithin(Duration time, Runnable first) throws InterruptedException {
    lock.lock();
    try {
      coming++;
    } finally {
      lock.unlock();
    }
    first.run();
    return take(time.toNanos());
  }

  private @Nullable Call<?> take(long time) throws InterruptedException {
    long left = time;
    lock.lock();
    try {
      coming--;
      while (calls.isEmpty() && !ended && left > 0) {
        left = arrived.awaitNanos(left);
      }
      if (calls.isEmpty()) {
        return ended ? end : null;
      }
      return removeFirst();
    } finally {
      lock.unlock();
    }
  }

  private Call<?> removeFirst() {
    Call<?> first = calls.remove();
    if (coming < calls.size()) {
      arrived.signal(); // the one that was meant may have gone to this thread
    }
    return first;
  }

  /** One that waits, if there is one. */
  @Nullable Call<?> poll() {
    lock.lock();
    try {
      return calls.isEmpty() ? null : removeFirst();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return calls.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what waits is still handed out. */
  void end() {
    lock.lock();
    try {
      ended = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
