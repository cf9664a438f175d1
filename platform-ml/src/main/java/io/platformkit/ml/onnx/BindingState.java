package io.platformkit.ml.onnx;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Keeps the native tensors of a binding from two runs at once, and from being released under a run:
 * either ends the process.
 */
final class BindingState {
  private enum State {
    IDLE,
    RUNNING,
    /** Closed by somebody else than the thread that runs, which then releases. */
    CLOSING,
    CLOSED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
  private final String what;
  private final Runnable release;

  /**
   * Idle.
   *
   * @param what for messages: {@code "a binding of model 'churn' version '7'"}
   * @param release called once
   */
  BindingState(String what, Runnable release) {
    this.what = what;
    this.release = release;
  }

  /** Begins a run; each one ends with {@link #leave}. */
  void enter() {
    State before = state.compareAndExchange(State.IDLE, State.RUNNING);
    if (before != State.IDLE) {
      throw new IllegalStateException(
          before == State.RUNNING ? what + " is run by another thread" : what + " is closed");
    }
  }

  /** Ends a run. */
  void leave() {
    if (!state.compareAndSet(State.RUNNING, State.IDLE)) {
      state.set(State.CLOSED);
      release.run();
    }
  }

  /** Releases, or has the run under way do so; once. */
  void close() {
    State before = state.getAndUpdate(now -> now == State.IDLE ? State.CLOSED : closing(now));
    if (before == State.IDLE) {
      release.run();
    }
  }

  private static State closing(State now) {
    return now == State.RUNNING ? State.CLOSING : now;
  }
}
