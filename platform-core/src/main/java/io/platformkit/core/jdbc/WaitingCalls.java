package io.platformkit.core.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls in the order in which they came. Threads that have a connection get them first, so that no
 * more connections are borrowed than are needed. Safe for concurrent use.
 */
final class WaitingCalls {
  private final Call<?> end;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition forConnected = lock.newCondition();
  private final Condition forOthers = lock.newCondition();
  private final Queue<Call<?>> calls = new ArrayDeque<>();
  private int connected; // threads that wait with a connection
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
      signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    if (connected > 0) {
      forConnected.signal();
    } else {
      forOthers.signal();
    }
  }

  /**
   * For a thread with a connection; null if nothing has come for so long.
   *
   * @param first is run when this thread counts as waiting already; must not throw
   */
  @Nullable Call<?> takeWithin(Duration time, Runnable first) throws InterruptedException {
    addConnected(1);
    try {
      first.run();
      return takeConnected(time.toNanos());
    } finally {
      addConnected(-1);
    }
  }

  private void addConnected(int count) {
    lock.lock();
    try {
      connected += count;
      if (connected == 0 && !calls.isEmpty()) {
        forOthers.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Call<?> takeConnected(long time) throws InterruptedException {
    long left = time;
    lock.lock();
    try {
      while (calls.isEmpty() && !ended && left > 0) {
        left = forConnected.awaitNanos(left);
      }
      return calls.isEmpty() && !ended ? null : removeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** For a thread without a connection. */
  Call<?> take() throws InterruptedException {
    lock.lock();
    try {
      while ((calls.isEmpty() || connected > 0) && !ended) {
        forOthers.await();
      }
      return removeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** One that waits, if there is one. */
  @Nullable Call<?> poll() {
    lock.lock();
    try {
      return calls.poll();
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

  private Call<?> removeFirst() {
    Call<?> first = calls.poll();
    if (!calls.isEmpty()) {
      signal(); // the one that was meant may have gone to this thread
    }
    return first == null ? end : first;
  }

  /** Takes no more; what waits is still handed out. */
  void end() {
    lock.lock();
    try {
      ended = true;
      forConnected.signalAll();
      forOthers.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
