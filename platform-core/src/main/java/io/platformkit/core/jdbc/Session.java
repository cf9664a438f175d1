package io.platformkit.core.jdbc;

import io.platformkit.core.PlatformException;
import io.platformkit.core.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of all ports to the database: takes work, does it on a platform thread, the caller's or
 * one of its own, tries again what may be tried again, and ends within the time limit. Blocks
 * unless said otherwise; safe for concurrent use.
 *
 * <p>Work may run more than once, so it must not keep anything of an earlier run but on purpose.
 * What it throws unchecked undoes it and comes out. Failures of the database come out as {@link
 * UnavailableException}, nothing was done, or as {@link
 * io.platformkit.core.OutcomeUnknownException}.
 */
final class Session implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** How long opening may take, which connects and makes tables, whatever the timeout is. */
  private static final Duration OPENING = Duration.ofSeconds(30);

  /** How much later than the worker the caller gives up. */
  private static final Duration GRACE = Duration.ofMillis(200);

  private final Settings settings;
  private final Dialect dialect;
  private final Lane readers;
  private final Lane writers;
  private final Lane notifiers;
  private final ExecutorService completions =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("platform-jdbc-completion-", 0).factory());

  private Session(Settings settings, Dialect dialect, Lane readers, Lane writers, Lane notifiers) {
    this.settings = settings;
    this.dialect = dialect;
    this.readers = readers;
    this.writers = writers;
    this.notifiers = notifiers;
  }

  /**
   * Finds out which database it is, and starts the threads.
   *
   * @throws UnavailableException if it can't be asked
   */
  static Session open(Settings settings) {
    Dialect dialect = detect(settings);
    if (dialect instanceof Sqlite) {
      Workers readers = new Workers(settings, dialect, settings.connections(), Lane.FOREVER);
      SqliteWriter writer = new SqliteWriter(settings, dialect);
      readers.start("platform-jdbc-reader");
      writer.start("platform-jdbc-writer");
      return new Session(settings, dialect, readers, writer, writer);
    }
    Workers workers = new Workers(settings, dialect, settings.connections(), Lane.BRIEFLY);
    workers.start("platform-jdbc-worker");
    Workers notifier = new Workers(settings, dialect, 1, Lane.BRIEFLY);
    notifier.start("platform-jdbc-notifier");
    return new Session(settings, dialect, workers, workers, notifier);
  }

  private static Dialect detect(Settings settings) {
    CompletableFuture<Dialect> found = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("platform-jdbc-open")
        .start(() -> {
          try (Connection connection = settings.dataSource().getConnection()) {
            found.complete(Dialect.of(connection, settings.clock(), settings.sqliteSync()));
          } catch (SQLException e) {
            found.completeExceptionally(
                new UnavailableException("the database was not to be had", e));
          } catch (RuntimeException | Error e) {
            found.completeExceptionally(e);
          }
        });
    return await(found, OPENING, () -> new UnavailableException("the database was not to be had"));
  }

  Dialect dialect() {
    return dialect;
  }

  Settings settings() {
    return settings;
  }

  /** Reads; each statement sees what is committed when it starts. */
  <T> T read(Sql<T> work) {
    return ask(readers, Call.Kind.READ, ignoring(work));
  }

  /** Reads in one transaction, so that a fetch size is kept to. */
  <T> T cursor(Sql<T> work) {
    return ask(readers, Call.Kind.CURSOR, ignoring(work));
  }

  /** Changes, in one transaction. Tried again also if the first try may have been done. */
  <T> T write(Sql<T> work) {
    return write(ignoring(work));
  }

  /** As {@link #write(Sql)}, for work that wants to know whether it is tried again. */
  <T> T write(ResentSql<T> work) {
    return ask(writers, Call.Kind.TRANSACTION, work);
  }

  /** As {@link #write(ResentSql)}; returns at once, and ends on the thread that did the work. */
  <T> void writeLater(ResentSql<T> work, BiConsumer<@Nullable T, @Nullable Throwable> end) {
    submit(writers, Call.Kind.TRANSACTION, work).whenOver(end);
  }

  /**
   * Changes by statements that each commit by themselves: one round trip instead of three. Tried
   * again also if the first try may have been done.
   */
  <T> T statements(ResentSql<T> work) {
    return ask(writers, Call.Kind.STATEMENTS, work);
  }

  /** As {@link #statements}; returns at once, and ends on the thread that did the work. */
  <T> void statementsLater(ResentSql<T> work, BiConsumer<@Nullable T, @Nullable Throwable> end) {
    submit(writers, Call.Kind.STATEMENTS, work).whenOver(end);
  }

  /**
   * As {@link #statements}, but not tried again if it may have been done; returns at once. Does not
   * hold up other work.
   */
  <T> void onceLater(Sql<T> work, BiConsumer<@Nullable T, @Nullable Throwable> end) {
    submit(notifiers, Call.Kind.ONCE, ignoring(work)).whenOver(end);
  }

  /** Reads on the connection that writes; returns at once. */
  <T> void watchLater(Sql<T> work, BiConsumer<@Nullable T, @Nullable Throwable> end) {
    submit(writers, Call.Kind.READ, ignoring(work)).whenOver(end);
  }

  /**
   * Runs what completes futures of callers, whose code may then block, on a thread that nobody
   * waits for.
   */
  void complete(Runnable completion) {
    try {
      completions.execute(completion);
    } catch (RejectedExecutionException closed) {
      completion.run();
    }
  }

  private static <T> ResentSql<T> ignoring(Sql<T> work) {
    return (connection, again) -> work.run(connection);
  }

  private <T> T ask(Lane lane, Call.Kind kind, ResentSql<T> work) {
    return ask(lane, new Call<>(kind, work, settings.timeout()));
  }

  private static <T> T ask(Lane lane, Call<T> call) {
    lane.submitAndWait(call);
    return await(call);
  }

  private <T> Call<T> submit(Lane lane, Call.Kind kind, ResentSql<T> work) {
    Call<T> call = new Call<>(kind, work, settings.timeout());
    lane.submit(call);
    return call;
  }

  /** Reads as long as opening may take. */
  <T> T readToOpen(Sql<T> work) {
    return ask(readers, new Call<>(Call.Kind.READ, ignoring(work), OPENING));
  }

  /** Changes as long as opening may take. */
  <T> T writeToOpen(Sql<T> work) {
    return ask(writers, new Call<>(Call.Kind.TRANSACTION, ignoring(work), OPENING));
  }

  private static <T> T await(Call<T> call) {
    Duration left = Duration.ofNanos(Math.max(0, call.remaining())).plus(GRACE);
    return await(call.outcome(), left, call::abandon);
  }

  private static <T> T await(
      CompletableFuture<T> outcome, Duration limit, Supplier<PlatformException> late) {
    try {
      return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    } catch (TimeoutException e) {
      throw late.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw late.get();
    }
  }

  private static RuntimeException rethrow(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(failure);
  }

  /** Works off what was accepted, gives back all connections and ends the threads. */
  @Override
  public void close() {
    writers.close(DRAIN);
    readers.close(DRAIN);
    notifiers.close(DRAIN);
    completions.shutdown();
  }
}
