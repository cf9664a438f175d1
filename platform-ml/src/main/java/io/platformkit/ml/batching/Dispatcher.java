package io.platformkit.ml.batching;

import io.platformkit.core.Timers;
import io.platformkit.ml.batching.Outcome.Overloaded;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which lane computes what, and when. Safe for concurrent use; requests are answered
 * outside of the lock, for their callers' code may run then.
 */
final class Dispatcher {
  /** A run that takes longer is not made on the thread of a caller. */
  private static final double QUICK = 1e6; // nanoseconds

  /** From how many requests a batch on, on average, callers do not compute themselves. */
  private static final double CROWD = 2;

  /** Each so manyth request is left to a lane, to see how many come. */
  private static final int SAMPLED = 256;

  private final Timers timers;
  private final Sizes sizes;
  private final Counters counters;
  private final int queueRows;
  private final long maxWait;
  private final List<Worker> workers;

  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Line line = new Line();
  private final RunTimes times;
  private final Sizing sizing;
  private final Alarm alarm;
  private final Deque<Worker> idle = new ArrayDeque<>();
  private @Nullable Worker holding; // lets requests wait for more
  private int woken; // workers that will look at the line soon
  private int computing;
  private double crowd = 1; // requests of a batch, of late
  private int borrowed;
  private boolean closing;

  Dispatcher(BatcherBuilder options, Timers timers, Counters counters, Supplier<Lane> lanes) {
    this.timers = timers;
    this.sizes = options.sizes();
    this.counters = counters;
    this.queueRows = options.queueRows;
    this.maxWait = options.maxWait.toNanos();
    this.times = new RunTimes(sizes);
    this.sizing =
        options.adaptive ? new AdaptiveSizing(sizes, times, maxWait) : Sizing.fixed(sizes.most());
    String name = "batch-" + options.runner.id().model();
    this.alarm = new Alarm(name, timers, this::ring);
    this.workers =
        IntStream.range(0, options.lanes)
            .mapToObj(
                i -> new Worker(lanes.get(), name + "-" + i, lock.newCondition(), this::serve))
            .toList();
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
      return line.rows();
    } finally {
      lock.unlock();
    }
  }

  /** What a run of one size took, measured before the start. */
  void ran(int size, long nanos) {
    lock.lock();
    try {
      times.ran(size, nanos);
      sizing.ran();
    } finally {
      lock.unlock();
    }
  }

  void start() {
    workers.forEach(worker -> worker.thread.start());
  }

  // callers

  /** Puts a request into the line, or answers it. */
  void submit(Request request) {
    List<Request> displaced = new ArrayList<>(0);
    String refusal;
    lock.lock();
    try {
      refusal = admit(request, displaced);
    } finally {
      lock.unlock();
    }
    displaced.forEach(victim -> shed(victim, Overloaded.DISPLACED));
    if (refusal != null) {
      shed(request, refusal);
    }
  }

  private @Nullable String admit(Request request, List<Request> displaced) {
    if (closing) {
      return Overloaded.CLOSED;
    }
    int excess = line.rows() + request.rows - queueRows;
    if (excess > 0 && !line.makeRoom(excess, request.priority, displaced)) {
      return Overloaded.FULL;
    }
    if (request.hasDeadline()) {
      alarm.within(request.patience);
    }
    line.add(request);
    wake();
    return null;
  }

  /** As {@link #submit}; computes on the caller's thread if a lane is idle and runs are quick. */
  void submitOrCompute(Request request) {
    Worker borrowed = borrow(request);
    if (borrowed == null) {
      submit(request);
    } else {
      giveBack(borrowed, compute(borrowed));
    }
  }

  private @Nullable Worker borrow(Request request) {
    lock.lock();
    try {
      if (closing || !line.isEmpty() || idle.isEmpty() || !isForItsCaller(request)) {
        return null;
      }
      Worker worker = idle.pop();
      worker.batch.add(request);
      computing++;
      return worker;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Quick, and alone but for a sample: callers that compute one by one can't be seen to be many.
   */
  private boolean isForItsCaller(Request request) {
    return request.rows <= sizes.most()
        && times.isQuick(sizes.indexFor(request.rows), QUICK)
        && crowd < CROWD
        && ++borrowed % SAMPLED != 0;
  }

  private void giveBack(Worker worker, Run run) {
    lock.lock();
    try {
      ended(worker, run);
      idle.push(worker);
      if (closing) {
        wakeAll();
      } else {
        wake();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Its caller has no use for it any more. */
  void gaveUp(Request request) {
    counters.cancelled.increment();
    lock.lock();
    try {
      line.remove(request);
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

  // lanes

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

  private record Run(int size, long nanos) {}

  private Run compute(Worker worker) {
    long begun = now();
    int size = worker.batch.isEmpty() ? -1 : worker.lane.compute(worker.batch);
    return new Run(size, now() - begun);
  }

  /** Blocks until there is a batch; false: never again. */
  private boolean next(Worker worker, @Nullable Run before) {
    lock.lock();
    try {
      boolean mayHold = before != null;
      if (before != null) {
        ended(worker, before);
      }
      while (true) {
        if (line.isEmpty()) {
          if (closing) {
            return false;
          }
          idle.push(worker);
          sleep(worker);
          mayHold = false;
        } else if (mayHold && isWorthHolding()) {
          hold(worker);
        } else {
          take(worker);
          return true;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void ended(Worker worker, Run run) {
    computing--;
    worker.batch.clear();
    if (run.size >= 0) {
      times.ran(run.size, run.nanos);
      sizing.ran();
    }
  }

  /** Whether the last lane that does not compute should let a small batch wait for more. */
  private boolean isWorthHolding() {
    return !closing
        && workers.size() > 1
        && computing == workers.size() - 1
        && line.rows() < sizing.worthwhile()
        && now() - line.oldestSince() < maxWait;
  }

  private void hold(Worker worker) {
    holding = worker;
    alarm.within(Math.max(0, maxWait - (now() - line.oldestSince())));
    sleep(worker);
  }

  private void take(Worker worker) {
    int free = workers.size() - computing;
    int share = (line.rows() + free - 1) / free;
    int most = Math.min(sizing.most(), Math.max(share, sizing.worthwhile()));
    line.take(most, now(), worker.batch, worker.expired);
    crowd += (worker.batch.size() - crowd) / 8;
    computing++;
    if (holding != null && line.isEmpty()) {
      idle.push(holding);
      holding = null;
    }
    wake();
  }

  private void sleep(Worker worker) {
    worker.sleep();
    woken--;
  }

  /** Sees to it that enough lanes look at what waits. */
  private void wake() {
    if (holding != null && !isWorthHolding()) {
      wake(holding);
      holding = null;
    } else if (!idle.isEmpty() && line.rows() > woken * sizing.worthwhile()) {
      wake(idle.pop());
    }
  }

  private void wake(Worker worker) {
    woken++;
    worker.wake();
  }

  private void wakeAll() {
    if (holding != null) {
      idle.push(holding);
      holding = null;
    }
    while (!idle.isEmpty()) {
      wake(idle.pop());
    }
  }

  /** Some request's time is up. */
  private void ring() {
    List<Request> expired = new ArrayList<>();
    lock.lock();
    try {
      alarm.cancel();
      line.takeExpired(now(), expired);
      if (holding != null && line.isEmpty()) {
        idle.push(holding);
        holding = null;
      }
      wake();
      line.untilExpiry(now()).ifPresent(alarm::within);
      if (holding != null) {
        alarm.within(Math.max(0, maxWait - (now() - line.oldestSince())));
      }
    } finally {
      lock.unlock();
    }
    expired.forEach(this::expire);
  }

  // the end

  /** Refuses requests, and waits until those that were accepted are answered. */
  void drain() throws InterruptedException {
    lock.lock();
    try {
      closing = true;
      wakeAll();
    } finally {
      lock.unlock();
    }
    for (Worker worker : workers) {
      worker.thread.join();
    }
  }

  /** Answers whoever still waits. */
  void abandon() {
    List<Request> left = new ArrayList<>();
    lock.lock();
    try {
      alarm.cancel();
      line.takeAll(left);
      workers.forEach(worker -> left.addAll(worker.batch));
    } finally {
      lock.unlock();
    }
    left.forEach(request -> shed(request, Overloaded.CLOSED));
    workers.forEach(worker -> worker.thread.interrupt());
  }
}
