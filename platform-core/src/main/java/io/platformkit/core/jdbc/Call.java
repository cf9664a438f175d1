package io.platformkit.core.jdbc;

import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PlatformException;
import io.platformkit.core.UnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work on its way to a connection: what is known of its tries, and its outcome. Tried
 * by one thread at a time; given up by any.
 */
final class Call<T> {
  /** How the work is done. */
  enum Kind {
    /** Reads, in statements that each see what is committed then; tried again freely. */
    READ,
    /** Reads in one transaction, so that rows can be fetched in portions; tried again freely. */
    CURSOR,
    /** Each statement commits by itself; tried again, and told so. */
    STATEMENTS,
    /** As {@link #STATEMENTS}, but not tried again if it may have been done. */
    ONCE,
    /** One transaction; tried again, and told so if the commit's answer was lost. */
    TRANSACTION;

    boolean changes() {
      return this != READ && this != CURSOR;
    }
  }

  private enum State {
    WAITING,
    ASKED,
    ABANDONED
  }

  private final Kind kind;
  private final ResentSql<T> work;
  private final Duration timeout;
  private final long deadline;
  private final CompletableFuture<T> outcome = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile boolean perhapsDone;
  private volatile @Nullable SQLException last;

  Call(Kind kind, ResentSql<T> work, Duration timeout) {
    this.kind = kind;
    this.work = work;
    this.timeout = timeout;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  Kind kind() {
    return kind;
  }

  /** Completes on the thread that did the work. */
  CompletableFuture<T> outcome() {
    return outcome;
  }

  /** Tells the end on the thread that did the work; must not throw. */
  void whenOver(BiConsumer<@Nullable T, @Nullable Throwable> end) {
    CompletableFuture<T> unused = outcome.whenComplete(end);
  }

  /** Nanoseconds that are left; negative when the time is up. */
  long remaining() {
    return deadline - System.nanoTime();
  }

  /** Whether it is still wanted; from now on the database counts as asked. */
  boolean ask() {
    return state.compareAndSet(State.WAITING, State.ASKED) || state.get() == State.ASKED;
  }

  T run(Connection connection) throws SQLException {
    return work.run(connection, perhapsDone);
  }

  void done(T result) {
    outcome.complete(result);
  }

  void failed(Throwable failure) {
    outcome.completeExceptionally(failure);
  }

  /** A try failed, and nothing was done by it. */
  void undone(SQLException failure) {
    last = failure;
  }

  /** A try failed, and nobody knows what it has done. */
  void lost(SQLException failure) {
    last = failure;
    perhapsDone |= kind.changes();
  }

  boolean mayTryAgain() {
    return kind != Kind.ONCE || !perhapsDone;
  }

  /** Ends it without a result. */
  void giveUp() {
    outcome.completeExceptionally(perhapsDone ? unknown() : unavailable());
  }

  /** What its caller is told who waits no longer. */
  PlatformException abandon() {
    boolean asked = !state.compareAndSet(State.WAITING, State.ABANDONED);
    return perhapsDone || (asked && kind.changes()) ? unknown() : unavailable();
  }

  private OutcomeUnknownException unknown() {
    return new OutcomeUnknownException(
        "the database was asked, and nobody knows whether it has done it; tried for " + timeout,
        cause());
  }

  private UnavailableException unavailable() {
    SQLException cause = cause();
    return new UnavailableException(
        "the database could not be asked or has refused; nothing was done, tried for %s: %s"
            .formatted(timeout, cause.getMessage()),
        cause);
  }

  private SQLException cause() {
    SQLException known = last;
    return known != null ? known : new SQLTimeoutException("no answer in time");
  }
}
