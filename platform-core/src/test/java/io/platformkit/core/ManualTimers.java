package io.platformkit.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Timers that a test moves by hand, together with its clock. Tasks may be scheduled and cancelled
 * from any thread; {@link #advance} runs them on its own, one at a time.
 *
 * <pre>{@code
 * var clock = SettableClock.create();
 * var timers = ManualTimers.with(clock);
 * var digest = new Digest(clock, timers);
 * timers.advance(Duration.ofHours(1));
 * }</pre>
 *
 * <p>Time here only grows: setting the clock makes it jump, as a wall clock may, and fires nothing.
 */
public final class ManualTimers implements Timers {
  private final SettableClock clock;
  private final @Nullable ErrorHandler errors;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final PriorityQueue<Waiting> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Waiting timer) -> timer.due)
              .thenComparingLong(timer -> timer.sequence));
  private long now;
  private long scheduled;
  private boolean advancing;

  private ManualTimers(SettableClock clock, @Nullable ErrorHandler errors) {
    this.clock = clock;
    this.errors = errors;
  }

  /** What tasks throw comes out of {@link #advance}. */
  public static ManualTimers with(SettableClock clock) {
    return new ManualTimers(clock, null);
  }

  /** What tasks throw goes to the handler. */
  public static ManualTimers with(SettableClock clock, ErrorHandler errors) {
    return new ManualTimers(clock, Objects.requireNonNull(errors, "errors"));
  }

  /**
   * Moves this time and the clock on by the span, and on the way runs every task that is due, in
   * the order of due time and then of scheduling. Each task sees its own due time. Those that tasks
   * schedule run too if they are due within the span.
   *
   * @throws IllegalArgumentException if the span is negative
   * @throws IllegalStateException if called while it runs, as from a task
   * @throws RuntimeException after all tasks ran, the first that one threw, with those of others
   *     suppressed; with an {@link ErrorHandler} only an {@link Error}
   */
  public void advance(Duration span) {
    if (span.isNegative()) {
      throw new IllegalArgumentException(
          "span was '%s' but it must be zero or more".formatted(span));
    }
    List<Throwable> failures = new ArrayList<>();
    begin();
    try {
      long end = plus(nanoTime(), span);
      for (Waiting timer = next(end); timer != null; timer = next(end)) {
        run(timer, failures);
      }
    } finally {
      end();
    }
    rethrow(failures);
  }

  /** How many timers wait for their turn; a series is one. */
  public int pending() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Zero at first. */
  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Timer after(String name, Duration delay, Runnable task) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "delay of timer '%s' was '%s' but it must be zero or more".formatted(name, delay));
    }
    return add(name, delay, Duration.ZERO, task);
  }

  @Override
  public Timer every(String name, Duration period, Runnable task) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException(
          "period of timer '%s' was '%s' but it must be more than zero".formatted(name, period));
    }
    return add(name, period, period, task);
  }

  private Timer add(String name, Duration delay, Duration period, Runnable task) {
    lock.lock();
    try {
      Waiting timer = new Waiting(name, period, task, plus(now, delay), scheduled++);
      queue.add(timer);
      return timer;
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    lock.lock();
    try {
      if (advancing) {
        throw new IllegalStateException(
            "time is already being advanced; a task schedules another instead of advancing");
      }
      advancing = true;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      advancing = false;
    } finally {
      lock.unlock();
    }
  }

  /** The next timer that is due, at whose time it is then; without one it is the end. */
  private @Nullable Waiting next(long end) {
    lock.lock();
    try {
      Waiting timer = queue.peek();
      if (timer == null || timer.due > end) {
        moveTo(end);
        return null;
      }
      queue.remove();
      moveTo(timer.due);
      if (timer.period.isPositive()) {
        timer.due = plus(timer.due, timer.period);
        timer.sequence = scheduled++;
        queue.add(timer);
      }
      return timer;
    } finally {
      lock.unlock();
    }
  }

  private void moveTo(long time) {
    clock.advance(Duration.ofNanos(time - now));
    now = time;
  }

  private void run(Waiting timer, List<Throwable> failures) {
    try {
      timer.task.run();
    } catch (Throwable failure) {
      if (errors != null) {
        errors.handle("timer '" + timer.name + "'", failure);
      }
      if (errors == null || failure instanceof Error) {
        failures.add(failure);
      }
    }
  }

  private static void rethrow(List<Throwable> failures) {
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.getFirst();
    failures.stream().skip(1).filter(other -> !other.equals(first)).forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw new IllegalStateException("a task threw a checked exception", first);
  }

  private static long plus(long time, Duration span) {
    long nanos = TimeUnit.NANOSECONDS.convert(span);
    return nanos > Long.MAX_VALUE - time ? Long.MAX_VALUE : time + nanos;
  }

  private final class Waiting implements Timer {
    private final String name;
    private final Duration period;
    private final Runnable task;
    private long due;
    private long sequence;

    Waiting(String name, Duration period, Runnable task, long due, long sequence) {
      this.name = Objects.requireNonNull(name, "name");
      this.period = period;
      this.task = Objects.requireNonNull(task, "task");
      this.due = due;
      this.sequence = sequence;
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        queue.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
