package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that is borrowed from the host when one is needed, kept while there is work, and
 * given back as it was. For one thread at a time.
 */
final class Kept {
  private static final Logger log = LoggerFactory.getLogger(Kept.class);

  private final DataSource dataSource;
  private final Dialect dialect;
  private @Nullable Connection connection;
  private Dialect.@Nullable Undo undo;
  private long restsSince;

  Kept(DataSource dataSource, Dialect dialect) {
    this.dataSource = dataSource;
    this.dialect = dialect;
  }

  boolean isOpen() {
    return connection != null;
  }

  /** Nobody uses it from now on. */
  void rest() {
    restsSince = System.nanoTime();
  }

  boolean hasRestedFor(Duration time) {
    return System.nanoTime() - restsSince >= time.toNanos();
  }

  /** The connection; borrows one if there is none. */
  Connection open() throws SQLException {
    Connection open = connection;
    return open != null ? open : borrow();
  }

  private Connection borrow() throws SQLException {
    Connection borrowed = dataSource.getConnection();
    try {
      undo = dialect.setUp(borrowed);
      connection = dialect.prepared(borrowed);
      return connection;
    } finally {
      if (connection == null) {
        borrowed.close();
      }
    }
  }

  /** Bounds how long the network may take for each answer. */
  void limit(long nanos) throws SQLException {
    Connection open = connection;
    if (open != null && dialect.hasNetwork()) {
      int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
      open.setNetworkTimeout(Runnable::run, millis);
    }
  }

  /** Undoes what is open; a connection on which that fails is closed. */
  void rollback() {
    Connection open = connection;
    if (open == null) {
      return;
    }
    try {
      dialect.rollback(open);
    } catch (SQLException e) {
      log.debug("A connection could not be rolled back and is closed: {}", e.getSQLState());
      discard();
    }
  }

  /** Closes a connection that is broken. */
  void discard() {
    close(false);
  }

  /** Gives the connection back, if there is one. */
  void giveBack() {
    close(true);
  }

  private void close(boolean restore) {
    try (Connection closing = connection) {
      Dialect.Undo restoring = undo;
      if (restore && closing != null && restoring != null) {
        restoring.run();
      }
    } catch (SQLException e) {
      log.debug("A connection could not be given back as it was: {}", e.getSQLState());
    } finally {
      connection = null;
      undo = null;
    }
  }
}
