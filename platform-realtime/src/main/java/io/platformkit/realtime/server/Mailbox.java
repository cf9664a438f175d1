package io.platformkit.realtime.server;

import io.platformkit.core.ErrorHandler;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What one client sent, taken one after the other on a virtual thread that is there as long as
 * there is something. When much waits, nothing more is read from the client. Safe for concurrent
 * use.
 */
final class Mailbox {
  private static final int MOST = 64;

  private final Executor workers;
  private final ErrorHandler errors;
  private Deque<Runnable> waiting = new ArrayDeque<>(0); // guarded by this, as what follows
  private boolean working;
  private boolean paused;

  Mailbox(Executor workers, ErrorHandler errors) {
    this.workers = workers;
    this.errors = errors;
  }

  /**
   * Adds one message.
   *
   * @return whether the client must be read no more, until {@code resume} runs
   */
  synchronized boolean add(Runnable message, Runnable resume) {
    waiting.add(message);
    if (!working) {
      working = true;
      workers.execute(() -> work(resume));
    }
    paused = waiting.size() >= MOST;
    return paused;
  }

  private void work(Runnable resume) {
    for (Runnable next = next(resume); next != null; next = next(resume)) {
      run(next);
    }
  }

  /** Whatever one message does, the next one has its turn. */
  private void run(Runnable message) {
    try {
      message.run();
    } catch (Throwable failure) {
      errors.handle("session", failure);
    }
  }

  private @Nullable Runnable next(Runnable resume) {
    boolean unpaused;
    Runnable next;
    synchronized (this) {
      next = waiting.poll();
      if (next == null) {
        working = false;
        waiting = new ArrayDeque<>(0);
      }
      unpaused = paused && waiting.size() < MOST / 2;
      if (unpaused) {
        paused = false;
      }
    }
    if (unpaused) {
      resume.run();
    }
    return next;
  }
}
