package io.platformkit.core;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers by the system's clock. One daemon thread, {@code platform-timers}, waits for all of them;
 * each run has a virtual thread named {@code timer-} and the timer's name. Safe for concurrent use.
 *
 * <p>The waiting thread starts with the first timer. An {@link Error} goes to the {@link
 * ErrorHandler} like any throw and then on to the JVM's default handler of uncaught exceptions.
 */
public final class SystemTimers implements Timers, AutoCloseable {
  /** How long {@link #close} waits for running tasks if nothing else was said. */
  public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(SystemTimers.class);

  private final ErrorHandler errors;
  private final Duration drainTimeout;
  private final Lifecycle lifecycle = new Lifecycle("SystemTimers");
  private final ScheduledThreadPoolExecutor waiting;
  private final Running running = new Running();

  private SystemTimers(ErrorHandler errors, Duration drainTimeout) {
    this.errors = errors;
    this.drainTimeout = drainTimeout;
    waiting =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("platform-timers").factory());
    waiting.setRemoveOnCancelPolicy(true);
  }

  /** Logs what tasks throw. */
  public static SystemTimers create() {
    return create(ErrorHandler.logging());
  }

  /** Hands what tasks throw to the handler. */
  public static SystemTimers create(ErrorHandler errors) {
    return create(errors, DEFAULT_DRAIN_TIMEOUT);
  }

  /**
   * Hands what tasks throw to the handler.
   *
   * @param drainTimeout how long {@link #close} waits for running tasks, more than zero
   */
  public static SystemTimers create(ErrorHandler errors, Duration drainTimeout) {
    Objects.requireNonNull(errors, "errors");
    if (!drainTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "drainTimeout was '%s' but it must be more than zero".formatted(drainTimeout));
    }
    return new SystemTimers(errors, drainTimeout);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer after(String name, Duration delay, Runnable task) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException(
          "delay of timer '%s' was '%s' but it must be zero or more".formatted(name, delay));
    }
    return arm(new Waiting(name, task, 0), delay);
  }

  @Override
  public Timer every(String name, Duration period, Runnable task) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException(
          "period of timer '%s' was '%s' but it must be more than zero".formatted(name, period));
    }
    return arm(new Waiting(name, task, TimeUnit.NANOSECONDS.convert(period)), period);
  }

  private Timer arm(Waiting timer, Duration delay) {
    try {
      lifecycle.requireOpen();
      timer.arm(nanoTime() + TimeUnit.NANOSECONDS.convert(delay));
    } catch (RejectedExecutionException closedMeanwhile) {
      lifecycle.requireOpen();
      throw closedMeanwhile;
    }
    return timer;
  }

  /** How many timers wait for their turn. */
  int pending() {
    return waiting.getQueue().size();
  }

  /**
   * Starts no task any more and waits for those that run, for the drain timeout at most; then
   * interrupts them. A task that closes its own timers is not waited for.
   *
   * @throws PlatformException if tasks were still running when the time was up
   */
  @Override
  public void close() {
    running.remove(Thread.currentThread());
    lifecycle.close(() ->
        CloseOrder.within(drainTimeout)
            .then("timers", this::stop)
            .then("running timer tasks", running::drain)
            .run());
  }

  private void stop() {
    running.refuse();
    waiting.shutdownNow();
  }

  /**
   * The first turn after {@code now} on the grid that goes through {@code due}, which is not after
   * {@code now}; the turns between are skipped.
   */
  static long nextTurn(long due, long period, long now) {
    return due + ((now - due) / period + 1) * period;
  }

  private static void uncaught(Thread thread, Throwable failure) {
    Thread.UncaughtExceptionHandler host = Thread.getDefaultUncaughtExceptionHandler();
    if (host != null) {
      host.uncaughtException(thread, failure);
    } else {
      log.error("Thread '{}' ended", thread.getName(), failure);
    }
  }

  /** One timer: waits in the queue, and again after each turn if it is a series. */
  private final class Waiting implements Timer, Runnable {
    private final String name;
    private final Runnable task;
    private final long period; // 0: once
    private final ReentrantLock lock = new ReentrantLock();
    private long due;
    private boolean active;
    private boolean cancelled;
    private @Nullable Future<?> turn;

    Waiting(String name, Runnable task, long period) {
      this.name = Objects.requireNonNull(name, "name");
      this.task = Objects.requireNonNull(task, "task");
      this.period = period;
    }

    void arm(long nanos) {
      lock.lock();
      try {
        due = nanos;
        turn = waiting.schedule(this, Math.max(0, due - nanoTime()), TimeUnit.NANOSECONDS);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        cancelled = true;
        if (turn != null) {
          turn.cancel(false);
        }
      } finally {
        lock.unlock();
      }
    }

    /** A turn, on the waiting thread: arms the next one, then launches this one unless late. */
    @Override
    public void run() {
      lock.lock();
      try {
        if (cancelled) {
          return;
        }
        if (period > 0) {
          arm(nextTurn(due, period, nanoTime()));
        }
        if (!active) {
          launch();
        }
      } catch (RejectedExecutionException closed) {
        // no more turns
      } catch (Throwable failure) {
        errors.handle("timer '" + name + "'", failure); // no memory for a thread
      } finally {
        lock.unlock();
      }
    }

    private void launch() {
      Thread thread =
          Thread.ofVirtual()
              .name("timer-" + name)
              .uncaughtExceptionHandler(SystemTimers::uncaught)
              .unstarted(this::call);
      if (!running.add(thread)) {
        return;
      }
      try {
        thread.start();
        active = true;
      } catch (Throwable failure) {
        running.remove(thread);
        throw failure;
      }
    }

    private void call() {
      try {
        task.run();
      } catch (Throwable failure) {
        errors.handle("timer '" + name + "'", failure);
        if (failure instanceof Error error) {
          throw error;
        }
      } finally {
        end();
        running.remove(Thread.currentThread());
      }
    }

    private void end() {
      lock.lock();
      try {
        active = false;
      } finally {
        lock.unlock();
      }
    }
  }

  /** The threads of the tasks that run now. */
  private static final class Running {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Thread> threads = new HashSet<>();
    private boolean refusing;

    boolean add(Thread thread) {
      lock.lock();
      try {
        return !refusing && threads.add(thread);
      } finally {
        lock.unlock();
      }
    }

    void remove(Thread thread) {
      lock.lock();
      try {
        threads.remove(thread);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void refuse() {
      lock.lock();
      try {
        refusing = true;
      } finally {
        lock.unlock();
      }
    }

    void drain() throws InterruptedException {
      lock.lock();
      try {
        while (!threads.isEmpty()) {
          changed.await();
        }
      } catch (InterruptedException timeIsUp) {
        List<String> names = threads.stream().map(Thread::getName).sorted().toList();
        log.warn("Interrupting timer tasks that still ran at the close: {}", names);
        threads.forEach(Thread::interrupt);
        throw timeIsUp;
      } finally {
        lock.unlock();
      }
    }
  }
}
