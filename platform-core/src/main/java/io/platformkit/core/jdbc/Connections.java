package io.platformkit.core.jdbc;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one lane. One that is open is lent before one that would have to be borrowed
 * from the host, and the one that was used last before all others. Safe for concurrent use.
 */
final class Connections {
  private final int count;
  private final Duration keep;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition back = lock.newCondition();
  private final Deque<Kept> open = new ArrayDeque<>();
  private final Deque<Kept> others = new ArrayDeque<>();
  private int waiting; // threads in take()
  private boolean closed;

  /**
   * None of them open.
   *
   * @param all not used by anybody else
   * @param keep how long one may be kept without use
   */
  Connections(List<Kept> all, Duration keep) {
    this.count = all.size();
    this.keep = keep;
    others.addAll(all);
  }

  int count() {
    return count;
  }

  /** Lends one, open or not; waits for it. */
  Kept take() throws InterruptedException {
    lock.lock();
    try {
      waiting++;
      while (open.isEmpty() && others.isEmpty()) {
        back.await();
      }
      return open.isEmpty() ? others.pop() : open.pop();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  /** Lends one that is open, if nobody waits for it. */
  @Nullable Kept takeOpen() {
    lock.lock();
    try {
      return waiting > 0 ? null : open.poll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what was lent. */
  void add(Kept kept) {
    kept.rest();
    if (!isTaken(kept)) {
      kept.giveBack();
      add(kept);
    }
  }

  /** False after the close, if it is open: what would give it back has passed by. */
  private boolean isTaken(Kept kept) {
    lock.lock();
    try {
      if (closed && kept.isOpen()) {
        return false;
      }
      (kept.isOpen() ? open : others).push(kept);
      back.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the host back what nobody has used for as long as it may be kept. */
  void giveBackUnused() {
    List<Kept> unused = new ArrayList<>();
    lock.lock();
    try {
      open.removeIf(kept -> kept.hasRestedFor(keep) && unused.add(kept));
    } finally {
      lock.unlock();
    }
    unused.forEach(Kept::giveBack);
    unused.forEach(this::add);
  }

  /** How long to wait before {@link #giveBackUnused} is worth it. */
  Duration keep() {
    lock.lock();
    try {
      return open.isEmpty() ? Lane.FOREVER : keep;
    } finally {
      lock.unlock();
    }
  }

  /** Gives all back to the host; waits for those that are lent, but no longer than so many ns. */
  void close(long nanos) {
    List<Kept> idle = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      idle.addAll(open);
      open.clear();
    } finally {
      lock.unlock();
    }
    idle.forEach(this::add);
    awaitAll(nanos);
  }

  private void awaitAll(long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (others.size() < count && left > 0) {
        left = back.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
