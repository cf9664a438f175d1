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
   * Adds the function to a connection, which keeps it to its end: to remove it from one that was
   * closed meanwhile would crash the process.
   */
  static void addTo(Connection connection, InstantSource clock) throws SQLException {
    Function.create(connection.unwrap(SQLiteConnection.class), NAME, new SqliteClock(clock));
  }

  @Override
  protected void xFunc() throws SQLException {
    result(micros(clock));
  }
}
