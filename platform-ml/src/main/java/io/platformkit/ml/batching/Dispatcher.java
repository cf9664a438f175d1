package io.platformkit.ml.batching;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import io.platformkit.ml.batching.Lane.Run;
import io.platformkit.ml.batching.Outcome.Overloaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Between callers and lanes. Safe for concurrent use; requests are answered outside of the lock,
 * for their callers' code may run then.
 */
final class Dispatcher {
  private final Timers timers;
  private final Counters counters;
  private final List<Worker> workers;

  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Pace pace;
  private final Schedule schedule;

  Dispatcher(BatcherBuilder options, Timers timers, Counters counters, Supplier<Lane> lanes) {
    this.timers = timers;
    this.counters = counters;
    this.pace = new Pace(options);
    String name = "batch-" + options.runner.id().model();
    Alarm alarm = new Alarm(name, timers, this::ring);
    this.schedule = new Schedule(options, timers, pace, alarm);
    this.workers =
        IntStream.range(0, options.lanes)
            .mapToObj(i -> worker(lanes.get(), name + "-" + i, options.errors))
            .toList();
  }

  private Worker worker(Lane lane, String name, ErrorHandler errors) {
    return new Worker(lane, name, lock.newCondition(), errors, this::serve);
  }

  List<Lane> lanes() {
    return workers.stream().map(worker -> worker.lane).toList();
  }

  long now() {
    return timers.nanoTime();
  }

  int waitingRows() {
    lock.lock();
    try {
      return schedule.waitingRows();
    } finally {
      lock.unlock();
    }
  }

  /** What a run of one size took, measured before the start. */
  void ran(int size, long nanos) {
    lock.lock();
    try {
      pace.ran(size, nanos);
    } finally {
      lock.unlock();
    }
  }

  void start() {
    workers.forEach(worker -> worker.thread.start());
  }

  /** Puts a request into the line, or answers it. */
  void submit(Request request) {
    List<Request> displaced = new ArrayList<>(0);
    String refusal;
    lock.lock();
    try {
      refusal = schedule.admit(request, displaced);
    } finally {
      lock.unlock();
    }
    displaced.forEach(victim -> shed(victim, Overloaded.DISPLACED));
    if (refusal != null) {
      shed(request, refusal);
    }
  }

  /** As {@link #submit}, or computes on the caller's thread. */
  void submitOrCompute(Request request) {
    Worker borrowed = borrow(request);
    if (borrowed == null) {
      submit(request);
    } else {
      Run run = Run.NOT_ONE;
      try {
        run = compute(borrowed);
      } finally {
        giveBack(borrowed, run);
      }
    }
  }

  private @Nullable Worker borrow(Request request) {
    lock.lock();
    try {
      return schedule.borrow(request);
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(Worker worker, Run run) {
    lock.lock();
    try {
      note(run);
      schedule.giveBack(worker);
    } finally {
      lock.unlock();
    }
  }

  /** Its caller has no use for it any more. */
  void gaveUp(Request request) {
    counters.cancelled.increment();
    lock.lock();
    try {
      schedule.remove(request);
    } finally {
      lock.unlock();
    }
  }

  private void shed(Request request, String reason) {
    if (request.answer(new Overloaded(reason))) {
      counters.shed(reason, request.priority).increment();
    }
  }

  private void expire(Request request) {
    Duration waited = Duration.ofNanos(now() - request.since);
    if (request.answer(new Outcome.Expired(waited))) {
      counters.expired(request.priority).increment();
    }
  }

  /** A lane's life. */
  private void serve(Worker worker) {
    try {
      Run run = null;
      while (next(worker, run)) {
        worker.expired.forEach(this::expire);
        worker.expired.clear();
        run = compute(worker);
      }
    } finally {
      worker.lane.close();
    }
  }

  private boolean next(Worker worker, @Nullable Run before) {
    lock.lock();
    try {
      if (before != null) {
        note(before);
        schedule.ended(worker);
      }
      return schedule.next(worker, before != null);
    } finally {
      lock.unlock();
    }
  }

  private static Run compute(Worker worker) {
    return worker.batch.isEmpty() ? Run.NOT_ONE : worker.lane.compute(worker.batch);
  }

  private void note(Run run) {
    if (!run.equals(Run.NOT_ONE)) {
      pace.ran(run.size(), run.nanos());
    }
  }

  private void ring() {
    List<Request> expired = new ArrayList<>();
    lock.lock();
    try {
      schedule.ring(expired);
    } finally {
      lock.unlock();
    }
    expired.forEach(this::expire);
  }

  /** Refuses requests, and waits until those that were accepted are answered. */
  void drain() throws InterruptedException {
    lock.lock();
    try {
      schedule.close();
    } finally {
      lock.unlock();
    }
    for (Worker worker : workers) {
      worker.thread.join();
      worker.lane.close(); // if it was warmed up and not started
    }
  }

  /** Answers whoever still waits. */
  void abandon() {
    List<Request> left = new ArrayList<>();
    lock.lock();
    try {
      schedule.abandon(left);
      workers.forEach(worker -> left.addAll(worker.batch));
    } finally {
      lock.unlock();
    }
    left.forEach(request -> shed(request, Overloaded.CLOSED));
    workers.forEach(worker -> worker.thread.interrupt());
  }
}
