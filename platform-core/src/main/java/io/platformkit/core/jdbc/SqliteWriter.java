package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a process: what waits is committed together, since each commit waits for the
 * disk. A call of several statements that are one has a savepoint, so that one that fails undoes
 * itself alone; a statement of SQLite does so by itself.
 */
final class SqliteWriter extends Lane {
  /** Calls that are committed together at most. */
  private static final int GROUP = 256;

  SqliteWriter(Settings settings, Dialect dialect) {
    super(settings, dialect, 1, FOREVER);
  }

  @Override
  Runnable serve(Call<?> first, Kept kept) {
    if (!first.kind().changes()) {
      watch(first, kept);
      return () -> {};
    }
    List<Ran<?>> group = new ArrayList<>();
    group.add(new Ran<>(first));
    int failures = 0;
    while (!group.isEmpty() && !isCommitted(group, kept)) {
      giveUpLate(group);
      if (!group.isEmpty() && !pause(++failures, longest(group))) {
        return () -> group.forEach(ran -> ran.call.giveUp());
      }
    }
    return () -> {};
  }

  @Override
  Optional<Runnable> tryOnce(Call<?> call, Kept kept) {
    return Optional.of(serve(call, kept));
  }

  private static long longest(List<Ran<?>> group) {
    return group.stream().mapToLong(ran -> ran.call.remaining()).max().orElse(0);
  }

  /** Reads beside all transactions; once. */
  private <T> void watch(Call<T> call, Kept kept) {
    try {
      call.done(call.run(kept.open()));
    } catch (SQLException e) {
      countFailure(e);
      discardIfBroken(dialect.failure(e), kept);
      call.undone(e);
      call.giveUp();
    } catch (RuntimeException e) {
      call.failed(e);
    }
  }

  private static boolean discardIfBroken(Failure failure, Kept kept) {
    boolean broken = failure == Failure.BROKEN;
    if (broken) {
      kept.discard();
    }
    return broken;
  }

  private static void giveUpLate(List<Ran<?>> group) {
    for (Iterator<Ran<?>> each = group.iterator(); each.hasNext(); ) {
      Call<?> call = each.next().call;
      if (call.remaining() <= 0 || !call.mayTryAgain()) {
        call.giveUp();
        each.remove();
      }
    }
  }

  /** One try for all; false if those in the list may be tried again. */
  private boolean isCommitted(List<Ran<?>> group, Kept kept) {
    boolean committing = false;
    try {
      Connection connection = kept.open();
      dialect.begin(connection);
      runAll(group, connection);
      committing = true;
      dialect.commit(connection);
      group.forEach(Ran::complete);
      return true;
    } catch (SQLException e) {
      countFailure(e);
      return isFinal(e, committing, group, kept);
    } catch (RuntimeException | Error e) {
      kept.rollback();
      group.forEach(ran -> ran.call.failed(e));
      return true;
    }
  }

  private void runAll(List<Ran<?>> group, Connection connection) throws SQLException {
    for (Iterator<Ran<?>> each = group.iterator(); each.hasNext(); ) {
      if (!each.next().run(connection, dialect)) {
        each.remove();
      }
    }
    for (Call<?> more = another(); more != null && group.size() < GROUP; more = another()) {
      Ran<?> ran = new Ran<>(more);
      group.add(ran);
      if (!ran.run(connection, dialect)) {
        group.remove(ran);
      }
    }
  }

  private boolean isFinal(SQLException e, boolean committing, List<Ran<?>> group, Kept kept) {
    Failure failure = dialect.failure(e);
    if (!discardIfBroken(failure, kept)) {
      kept.rollback();
    }
    for (Ran<?> ran : group) {
      if (committing && failure == Failure.BROKEN) {
        ran.call.lost(e);
      } else {
        ran.call.undone(e);
      }
    }
    if (failure == Failure.REFUSED) {
      group.forEach(ran -> ran.call.giveUp());
      return true;
    }
    return false;
  }

  /** A call, and what it gave before the commit. */
  private static final class Ran<T> {
    private final Call<T> call;
    private @Nullable Runnable completion;

    Ran(Call<T> call) {
      this.call = call;
    }

    /** False if the call is over, without a trace; throws if the transaction is. */
    boolean run(Connection connection, Dialect dialect) throws SQLException {
      if (call.remaining() <= 0 || !call.ask()) {
        call.giveUp();
        return false;
      }
      boolean several = call.kind() == Call.Kind.TRANSACTION;
      try {
        T result = several ? runAsOne(connection) : call.run(connection);
        completion = () -> call.done(result);
        return true;
      } catch (SQLException e) {
        if (dialect.failure(e) != Failure.REFUSED) {
          throw e;
        }
        call.undone(e);
        call.giveUp();
      } catch (RuntimeException e) {
        call.failed(e);
      }
      return false;
    }

    /** Undoes what the call has done if it fails. */
    private T runAsOne(Connection connection) throws SQLException {
      boolean done = false;
      Sqlite.execute(connection, "SAVEPOINT one");
      try {
        T result = call.run(connection);
        done = true;
        return result;
      } finally {
        if (!done) {
          Sqlite.execute(connection, "ROLLBACK TO one");
        }
        Sqlite.execute(connection, "RELEASE one");
      }
    }

    void complete() {
      if (completion != null) {
        completion.run();
      }
    }
  }
}
