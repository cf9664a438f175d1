package io.platformkit.core.jdbc;

import io.platformkit.core.UnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait, and the platform threads that work them off, each with a connection that it
 * keeps for a while. Virtual threads never enter a driver: it may block them natively.
 */
abstract class Lane {
  /** Calls that may wait; one more is refused. */
  static final int MOST_WAITING = 10_000;

  /** How long a connection may be kept without work before it is given back. */
  static final Duration BRIEFLY = Duration.ofMillis(500);

  static final Duration FOREVER = Duration.ofDays(10_000);

  private static final Call<Boolean> END =
      new Call<>(Call.Kind.READ, (connection, again) -> true, Duration.ZERO);

  protected final Settings settings;
  protected final Dialect dialect;
  private final Duration keep;
  private final WaitingCalls waiting = new WaitingCalls(END);
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final RandomGenerator random = RandomGenerator.getDefault();

  Lane(Settings settings, Dialect dialect, Duration keep) {
    this.settings = settings;
    this.dialect = dialect;
    this.keep = keep;
  }

  /** Starts so many threads. */
  final void start(String name, int count) {
    for (int i = 1; i <= count; i++) {
      threads.add(Thread.ofPlatform().daemon().name(name + "-" + i).start(this::work));
    }
  }

  /** Takes a call; refuses it through its outcome. */
  final void submit(Call<?> call) {
    if (waiting.size() >= MOST_WAITING) {
      call.failed(
          new UnavailableException(
              "%d calls wait for the database, and no more may".formatted(MOST_WAITING)));
      return;
    }
    if (!waiting.add(call)) {
      call.giveUp();
    }
  }

  private void work() {
    Kept kept = new Kept(settings.dataSource(), dialect);
    try {
      Runnable end = () -> {};
      for (Call<?> call = next(kept, end); call != END; call = next(kept, end)) {
        end = serve(call, kept);
      }
    } catch (InterruptedException closedInMidWork) {
      Thread.currentThread().interrupt();
    } finally {
      kept.giveBack();
    }
  }

  private Call<?> next(Kept kept, Runnable endOfLast) throws InterruptedException {
    if (!kept.isOpen()) {
      endOfLast.run();
      return waiting.take();
    }
    Call<?> soon = waiting.takeWithin(keep, endOfLast);
    if (soon != null) {
      return soon;
    }
    kept.giveBack();
    return waiting.take();
  }

  /**
   * Does one call, and more if the lane likes.
   *
   * @return tells the outcome; what that leads to comes back to this thread, which has a connection
   */
  abstract Runnable serve(Call<?> call, Kept kept);

  /** One more call that waits, if there is one. */
  final @Nullable Call<?> another() {
    return waiting.poll();
  }

  /** Waits before the next try; false if there is to be none. */
  final boolean pause(int failures, long remaining) {
    Optional<Duration> delay = settings.backoff().delay(failures, random);
    if (delay.isEmpty() || delay.get().toNanos() >= remaining) {
      return false;
    }
    try {
      return !closing.await(delay.get().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException closedInMidWork) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  final void countFailure(SQLException failure) {
    String what = dialect.failure(failure).name().toLowerCase(Locale.ROOT);
    settings.count("failures", "kind", what);
  }

  /** Works off what waits, then ends the threads; at the time limit, interrupts them. */
  final void close(Duration limit) {
    closing.countDown();
    waiting.end();
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      join(thread, end - System.nanoTime());
    }
    for (Call<?> left = waiting.poll(); left != null; left = waiting.poll()) {
      left.giveUp();
    }
  }

  private static void join(Thread thread, long nanos) {
    boolean interrupted = Thread.interrupted();
    try {
      if (!thread.join(Duration.ofNanos(Math.max(1, nanos)))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      interrupted = true;
      thread.interrupt();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
