package io.platformkit.ml;

import io.platformkit.core.Lifecycle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a model from being taken away under a run, which aborts the JVM where the model is native.
 * For runners. Safe for concurrent use; a run costs two atomic additions.
 */
public final class RunGuard {
  private static final int CLOSED = 1 << 30;

  private final String what;
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch idle = new CountDownLatch(1);
  private final Lifecycle lifecycle;

  /**
   * Open, and idle.
   *
   * @param what for messages: {@code "model 'churn' version '7'"}
   */
  public RunGuard(String what) {
    this.what = what;
    this.lifecycle = new Lifecycle(what);
  }

  /**
   * Begins a run; each one ends with {@link #leave}.
   *
   * @throws IllegalStateException if it is closed
   */
  public void enter() {
    if (runs.incrementAndGet() >= CLOSED) {
      leave();
      throw closed();
    }
  }

  /** Ends a run. */
  public void leave() {
    if (runs.decrementAndGet() == CLOSED) {
      idle.countDown();
    }
  }

  /** Refuses if it is closed. */
  public void requireOpen() {
    if (runs.get() >= CLOSED) {
      throw closed();
    }
  }

  private IllegalStateException closed() {
    return new IllegalStateException(what + " is closed");
  }

  /** Refuses new runs, waits for those under way, and releases; once, whoever calls how often. */
  public void close(Runnable release) {
    lifecycle.close(() -> {
      if (runs.addAndGet(CLOSED) == CLOSED) {
        idle.countDown();
      }
      awaitIdle();
      release.run();
    });
  }

  /** Also when it is interrupted: what is under way can't be left alone with released memory. */
  private void awaitIdle() {
    boolean interrupted = false;
    while (true) {
      try {
        idle.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
