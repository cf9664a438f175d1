package io.platformkit.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Starts a component once and closes it once, whoever calls how often. Safe for concurrent use;
 * keep one as a field.
 *
 * <pre>{@code
 * private final Lifecycle lifecycle = new Lifecycle("http server");
 *
 * public void start() { lifecycle.start(this::open); }
 * public void close() { lifecycle.close(this::drainAndRelease); }
 * }</pre>
 */
public final class Lifecycle {
  private final String what;
  private final ReentrantLock starting = new ReentrantLock();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();
  private boolean started;
  private volatile @Nullable Thread closer;

  /**
   * Neither started nor closed.
   *
   * @param what names the component in messages, without an article: {@code "http server"}
   */
  public Lifecycle(String what) {
    this.what = what;
  }

  /**
   * Runs the action if this is the first start. What it throws comes out, and the component stays
   * started: it can only be closed.
   *
   * @throws IllegalStateException if start was called before or the component is closed
   */
  public void start(Runnable action) {
    starting.lock();
    try {
      requireOpen();
      if (started) {
        throw new IllegalStateException(
            "%s was already started and starts only once; build a new one".formatted(what));
      }
      started = true;
      action.run();
    } finally {
      starting.unlock();
    }
  }

  /**
   * Runs the action if this is the first close, after a start in progress. What it throws comes out
   * here alone. Other calls wait until it is done, also when interrupted, which keeps the flag; one
   * from within the action returns at once.
   */
  public void close(Runnable action) {
    Thread caller = Thread.currentThread();
    if (becomeCloser(caller)) {
      try {
        action.run();
      } finally {
        closed.complete(null);
      }
    } else if (!caller.equals(closer)) {
      closed.join(); // keeps the interrupt flag
    }
  }

  private boolean becomeCloser(Thread caller) {
    starting.lock();
    try {
      if (closer != null) {
        return false;
      }
      closer = caller;
      return true;
    } finally {
      starting.unlock();
    }
  }

  /**
   * Refuses what comes too late.
   *
   * @throws IllegalStateException if close was called
   */
  public void requireOpen() {
    if (closer != null) {
      throw new IllegalStateException(what + " is closed");
    }
  }
}
