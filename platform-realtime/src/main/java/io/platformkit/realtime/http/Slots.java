package io.platformkit.realtime.http;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many requests may run at once; whoever finds no slot free may wait for one, first come first
 * served. Safe for concurrent use; nothing but {@link #awaitAllFree} blocks.
 */
final class Slots {
  private final int count;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition allFree = lock.newCondition();
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private int taken;

  Slots(int count) {
    this.count = count;
  }

  /**
   * Takes a slot if one is free; else the action is called once one is, and has it then.
   *
   * @param onFree must be quick; the same object is given to {@link #giveUp}
   */
  boolean take(Runnable onFree) {
    lock.lock();
    try {
      if (taken < count) {
        taken++;
        return true;
      }
      waiting.add(onFree);
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits no more; false if the action has been called, or is about to be. */
  boolean giveUp(Runnable onFree) {
    lock.lock();
    try {
      return waiting.remove(onFree);
    } finally {
      lock.unlock();
    }
  }

  void release() {
    Runnable next = passOn();
    if (next != null) {
      next.run();
    }
  }

  private @Nullable Runnable passOn() {
    lock.lock();
    try {
      if (!waiting.isEmpty()) {
        Runnable next = waiting.iterator().next();
        waiting.remove(next);
        return next;
      }
      if (--taken == 0) {
        allFree.signalAll();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  int taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  void awaitAllFree() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (taken > 0) {
        allFree.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
