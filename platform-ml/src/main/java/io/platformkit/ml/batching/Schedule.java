package io.platformkit.ml.batching;

import io.platformkit.core.Timers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, which lanes are free, and what a lane takes when. Guarded by the dispatcher's lock.
 *
 * <p>A worker is idle, holding, woken or computing. Woken, it will look at the line soon.
 */
final class Schedule {
  private final Timers timers;
  private final Pace pace;
  private final Alarm alarm;
  private final int queueRows;
  private final long maxWait;
  private final int workers;

  private final Line line = new Line();
  private final Deque<Worker> idle = new ArrayDeque<>();
  private @Nullable Worker holding; // lets requests wait for more
  private int woken;
  private int computing;
  private boolean closing;

  Schedule(BatcherBuilder options, Timers timers, Pace pace, Alarm alarm) {
    this.timers = timers;
    this.pace = pace;
    this.alarm = alarm;
    this.queueRows = options.queueRows;
    this.maxWait = options.maxWait.toNanos();
    this.workers = options.lanes;
  }

  int waitingRows() {
    return line.rows();
  }

  /**
   * Puts a request into the line.
   *
   * @param displaced gets those that had to leave it
   * @return why it was refused, or null
   */
  @Nullable String admit(Request request, List<Request> displaced) {
    if (closing) {
      return Outcome.Overloaded.CLOSED;
    }
    if (request.hasDeadline()) {
      alarm.within(request.patience);
    }
    int excess = line.rows() + request.rows - queueRows;
    if (excess > 0 && !line.makeRoom(excess, request.priority, displaced)) {
      return Outcome.Overloaded.FULL;
    }
    line.add(request);
    wakeForWhatWaits();
    return null;
  }

  /** An idle worker for the caller to compute with, if that is better than to wait for one. */
  @Nullable Worker borrow(Request request) {
    if (closing || !line.isEmpty() || idle.isEmpty() || !pace.isForItsCaller(request)) {
      return null;
    }
    Worker worker = idle.pop();
    worker.batch.add(request);
    computing++;
    return worker;
  }

  void giveBack(Worker worker) {
    ended(worker);
    idle.push(worker);
    if (closing) {
      wakeAll();
    } else {
      wakeForWhatWaits();
    }
  }

  /** A worker has computed its batch. */
  void ended(Worker worker) {
    computing--;
    worker.batch.clear();
  }

  void remove(Request request) {
    line.remove(request);
    stopHoldingNothing();
  }

  /**
   * Blocks until there is a batch for a worker, and gives it.
   *
   * @param busy whether it has just computed one
   * @return false if there will never be one again
   */
  boolean next(Worker worker, boolean busy) {
    boolean mayHold = busy;
    while (true) {
      if (line.isEmpty()) {
        if (closing) {
          return false;
        }
        idle.push(worker);
      } else if (mayHold && isWorthHolding()) {
        alarm.within(untilHeldTooLong());
        holding = worker;
      } else {
        take(worker);
        return true;
      }
      worker.sleep();
      woken--;
      mayHold = false; // whoever woke it had a reason
    }
  }

  private void take(Worker worker) {
    int most = pace.mostOf(line.rows(), workers - computing);
    line.take(most, timers.nanoTime(), worker.batch, worker.expired);
    pace.took(worker.batch.size());
    computing++;
    stopHoldingNothing();
    wakeForWhatWaits();
  }

  /** Whether the last worker that does not compute should let a small batch wait for more. */
  private boolean isWorthHolding() {
    return !closing
        && workers > 1
        && computing == workers - 1
        && line.rows() < pace.worthNoWait()
        && untilHeldTooLong() > 0;
  }

  private long untilHeldTooLong() {
    return Math.max(0, maxWait - (timers.nanoTime() - line.oldestSince()));
  }

  private void stopHoldingNothing() {
    if (holding != null && line.isEmpty()) {
      idle.push(holding);
      holding = null;
    }
  }

  private void wakeForWhatWaits() {
    if (holding != null) {
      if (!isWorthHolding()) {
        wake(holding);
        holding = null;
      }
    } else if (!idle.isEmpty() && line.rows() > woken * pace.worthwhile()) {
      wake(idle.pop());
    }
  }

  private void wake(Worker worker) {
    woken++;
    worker.wake();
  }

  private void wakeAll() {
    if (holding != null) {
      wake(holding);
      holding = null;
    }
    while (!idle.isEmpty()) {
      wake(idle.pop());
    }
  }

  /** Some request's time is up. */
  void ring(List<Request> expired) {
    alarm.cancel();
    line.takeExpired(timers.nanoTime(), expired);
    stopHoldingNothing();
    wakeForWhatWaits();
    line.untilExpiry(timers.nanoTime()).ifPresent(alarm::within);
    if (holding != null) {
      alarm.within(untilHeldTooLong());
    }
  }

  /** Refuses requests from now on. */
  void close() {
    closing = true;
    wakeAll();
  }

  /** Takes out whoever still waits. */
  void abandon(List<Request> left) {
    alarm.cancel();
    line.takeAll(left);
  }
}
