package io.platformkit.ml.batching;

import io.platformkit.core.ErrorHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.function.Consumer;

/** A lane and its thread; what is here is the dispatcher's, guarded by its lock. */
final class Worker {
  final Lane lane;
  final Thread thread;

  /** What it computes; empty otherwise. Not changed while it does. */
  final List<Request> batch = new ArrayList<>();

  final List<Request> expired = new ArrayList<>();
  private final Condition wake;
  private boolean awake = true;

  Worker(Lane lane, String name, Condition wake, ErrorHandler errors, Consumer<Worker> body) {
    this.lane = lane;
    this.wake = wake;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .uncaughtExceptionHandler((thread, failure) -> errors.handle(name, failure))
            .unstarted(() -> body.accept(this));
  }

  /** Blocks until {@link #wake}; an interruption only keeps its flag. */
  void sleep() {
    awake = false;
    while (!awake) {
      wake.awaitUninterruptibly();
    }
  }

  void wake() {
    awake = true;
    wake.signal();
  }
}
