package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Each call by itself, several at a time. */
final class Workers extends Lane {
  Workers(Settings settings, Dialect dialect, int count, Duration keep) {
    super(settings, dialect, count, keep);
  }

  @Override
  Runnable serve(Call<?> call, Kept kept) {
    int failures = 0;
    while (call.remaining() > 0) {
      Optional<Runnable> end = tryOnce(call, kept);
      if (end.isPresent()) {
        return end.get();
      }
      if (!pause(++failures, call.remaining())) {
        break;
      }
    }
    return call::giveUp;
  }

  @Override
  Optional<Runnable> tryOnce(Call<?> call, Kept kept) {
    Connection connection;
    try {
      connection = kept.open();
    } catch (SQLException e) {
      countFailure(e);
      call.undone(e);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(() -> call.failed(e));
    }
    return call.ask() ? tryOn(connection, call, kept) : Optional.of(call::giveUp);
  }

  private <T> Optional<Runnable> tryOn(Connection connection, Call<T> call, Kept kept) {
    boolean[] sent = {false}; // what makes the changes last was sent
    try {
      kept.limit(call.remaining());
      T result = run(call, connection, sent);
      return Optional.of(() -> call.done(result));
    } catch (SQLException e) {
      countFailure(e);
      return afterFailure(e, sent[0], call, kept);
    } catch (RuntimeException | Error e) {
      kept.rollback();
      return Optional.of(() -> call.failed(e));
    }
  }

  private <T> T run(Call<T> call, Connection connection, boolean[] sent) throws SQLException {
    boolean transaction = call.kind() == Call.Kind.TRANSACTION || call.kind() == Call.Kind.CURSOR;
    if (!transaction) {
      sent[0] = true;
      return call.run(connection);
    }
    dialect.begin(connection);
    T result = call.run(connection);
    sent[0] = true;
    dialect.commit(connection);
    return result;
  }

  private Optional<Runnable> afterFailure(SQLException e, boolean sent, Call<?> call, Kept kept) {
    Failure failure = dialect.failure(e);
    if (failure == Failure.BROKEN) {
      kept.discard();
      if (sent) {
        call.lost(e);
        return call.mayTryAgain() ? Optional.empty() : Optional.of(call::giveUp);
      }
    } else {
      kept.rollback();
    }
    call.undone(e);
    return failure == Failure.REFUSED ? Optional.of(call::giveUp) : Optional.empty();
  }
}
