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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls, and connections to work them off: on platform threads of the lane's own, or on the thread
 * of a caller. Virtual threads never enter a driver: it may block them natively.
 */
abstract class Lane {
  /** Calls that may wait; one more is refused. */
  static final int MOST_WAITING = 10_000;

  static final Duration BRIEFLY = Duration.ofMillis(500);

  static final Duration FOREVER = Duration.ofDays(10_000);

  private static final Call<Boolean> END =
      new Call<>(Call.Kind.READ, (connection, again) -> true, Duration.ZERO);

  protected final Settings settings;
  protected final Dialect dialect;
  private final Connections connections;
  private final WaitingCalls waiting = new WaitingCalls(END);
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final RandomGenerator random = RandomGenerator.getDefault();

  /**
   * Nothing waits.
   *
   * @param count of connections at most
   * @param keep how long a connection may be kept without work before it is given back
   */
  Lane(Settings settings, Dialect dialect, int count, Duration keep) {
    this.settings = settings;
    this.dialect = dialect;
    this.connections =
        new Connections(
            Stream.generate(() -> new Kept(settings.dataSource(), dialect)).limit(count).toList(),
            keep);
  }

  /** Starts a thread for each connection. */
  final void start(String name) {
    for (int i = 1; i <= connections.count(); i++) {
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

  /**
   * Takes a call whose caller waits for it: tries it at once on the caller's thread, which saves
   * two changes of threads, if that thread may and an open connection is free.
   */
  final void submitAndWait(Call<?> call) {
    Kept free = Thread.currentThread().isVirtual() ? null : connections.takeOpen();
    if (free == null || !isOverAfterOneTry(call, free)) {
      submit(call);
    }
  }

  private boolean isOverAfterOneTry(Call<?> call, Kept open) {
    Optional<Runnable> end;
    try {
      end = tryOnce(call, open);
    } finally {
      connections.add(open);
    }
    end.ifPresent(Runnable::run);
    return end.isPresent();
  }

  private void work() {
    try {
      Runnable end = () -> {};
      for (Call<?> call = next(end); call != END; call = next(end)) {
        end = serve(call);
      }
    } catch (InterruptedException closedInMidWork) {
      Thread.currentThread().interrupt();
    }
  }

  private Call<?> next(Runnable endOfLast) throws InterruptedException {
    Call<?> soon = waiting.takeWithin(connections.keep(), endOfLast);
    while (soon == null) {
      connections.giveBackUnused();
      soon = waiting.takeWithin(connections.keep(), () -> {});
    }
    return soon;
  }

  private Runnable serve(Call<?> call) throws InterruptedException {
    Kept connection;
    try {
      connection = connections.take();
    } catch (InterruptedException closedInMidWork) {
      call.giveUp();
      throw closedInMidWork;
    }
    try {
      return serve(call, connection);
    } finally {
      connections.add(connection);
    }
  }

  /**
   * Tries one call, and more if the lane likes, on a connection that is open.
   *
   * @return as {@link #serve}; empty if there may be another try
   */
  abstract Optional<Runnable> tryOnce(Call<?> call, Kept kept);

  /**
   * Does one call, and more if the lane likes.
   *
   * @return tells the outcome; run when the connection is free again, for what comes of it
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

  /**
   * Works off what waits, then ends the threads and gives back the connections; at the time limit,
   * interrupts the threads.
   */
  final void close(Duration limit) {
    closing.countDown();
    waiting.end();
    long end = System.nanoTime() + limit.toNanos();
    for (Thread thread : threads) {
      join(thread, end - System.nanoTime());
    }
    connections.close(end - System.nanoTime());
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
