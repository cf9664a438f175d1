package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.sqlite.Function;
import org.sqlite.SQLiteConnection;

/** A function of SQL that asks our clock, so that a statement's text remains the same. */
final class SqliteClock extends Function {
  /** Microseconds since 1970, in SQL. */
  static final String CALL = "platform_now()";

  private static final String NAME = "platform_now";

  private final InstantSource clock;

  private SqliteClock(InstantSource clock) {
    this.clock = clock;
  }

  /** Microseconds since 1970. */
  static long micros(InstantSource clock) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /**
   * Adds the function to a connection.
   *
   * @return removes it
   */
  static Dialect.Undo addTo(Connection connection, InstantSource clock) throws SQLException {
    SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
    Function.create(sqlite, NAME, new SqliteClock(clock));
    return () -> Function.destroy(sqlite, NAME);
  }

  @Override
  protected void xFunc() throws SQLException {
    result(micros(clock));
  }
}
