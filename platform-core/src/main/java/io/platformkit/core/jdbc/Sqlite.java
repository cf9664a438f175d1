package io.platformkit.core.jdbc;

import io.platformkit.core.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A file of SQLite 3.35 or newer, written by one connection of this process at a time. */
final class Sqlite implements Dialect {
  /** How long the library waits for another process before we are asked again. */
  private static final int BUSY_MILLIS = 200;

  /** Of what the driver or a pool says by itself: that there is no connection, or none any more. */
  private static final int NO_CODE = 0;

  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int IO_ERROR = 10;
  private static final int PROTOCOL = 15;

  private final InstantSource clock;
  private final SqliteSync sync;
  private final Json json = Json.builder().maxBytes(Integer.MAX_VALUE).build();

  Sqlite(InstantSource clock, SqliteSync sync) {
    this.clock = clock;
    this.sync = sync;
  }

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public String now() {
    return SqliteClock.CALL;
  }

  @Override
  public String forUpdate() {
    return ""; // whoever writes is alone
  }

  @Override
  public boolean handsOutRows() {
    return true;
  }

  @Override
  public String isOneOf(String column) {
    return column + " IN (SELECT value FROM json_each(?))";
  }

  @Override
  public Object texts(Connection connection, Collection<String> texts) {
    return json.encodeText(List.copyOf(texts));
  }

  @Override
  public Undo setUp(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    SqliteClock.addTo(connection, clock);
    try (Statement statement = connection.createStatement()) {
      int busyTimeout = pragma(statement, "busy_timeout");
      int synchronous = pragma(statement, "synchronous");
      statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      statement.execute("PRAGMA synchronous = " + sync);
      requireWal(statement);
      return () -> {
        execute(connection, "PRAGMA synchronous = " + synchronous);
        execute(connection, "PRAGMA busy_timeout = " + busyTimeout);
        connection.setAutoCommit(autoCommit);
      };
    }
  }

  private static int pragma(Statement statement, String name) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      row.next();
      return row.getInt(1);
    }
  }

  @Override
  public Connection prepared(Connection connection) {
    return KeptStatements.of(connection);
  }

  @Override
  public boolean hasNetwork() {
    return false;
  }

  private static void requireWal(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA journal_mode = WAL")) {
      row.next();
      if (!"wal".equalsIgnoreCase(row.getString(1))) {
        throw new UnsupportedOperationException(
            "journal mode of SQLite was '%s' but it must become WAL: use a file on a local disk"
                .formatted(row.getString(1)));
      }
    }
  }

  @Override
  public void appendLater(
      Session session,
      Streams streams,
      List<Append<?>> appends,
      BiConsumer<@Nullable List<Append.Placed>, @Nullable Throwable> end) {
    session.writeLater(new AppendBatch(session, streams, appends), end);
  }

  @Override
  public int writersOfALog() {
    return 1;
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    execute(connection, "COMMIT");
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    execute(connection, "ROLLBACK");
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }

  /** Nothing to do: a transaction that began immediately is alone. */
  @Override
  public void lockSchema(Connection connection, String prefix) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA encoding")) {
      row.next();
      if (!"UTF-8".equals(row.getString(1))) {
        throw new UnsupportedOperationException(
            "encoding of the database was '%s' but it must be UTF-8".formatted(row.getString(1)));
      }
    }
  }

  @Override
  public boolean hasTable(Connection connection, String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?")) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  @Override
  public MetricSql metrics(String namespace, String prefix) {
    return new SqliteMetrics(namespace, prefix);
  }

  @Override
  public Failure failure(SQLException failure) {
    return switch (failure.getErrorCode() & 0xff) {
      case BUSY, LOCKED, PROTOCOL -> Failure.UNDONE;
      case NO_CODE, IO_ERROR -> Failure.BROKEN;
      default -> Failure.REFUSED;
    };
  }

  @Override
  public String boundedWait() {
    return "";
  }

  @Override
  public String parameter(String type) {
    return "?";
  }

  /**
   * Changes nothing, so that the transaction is the one that writes. The time is a literal: the
   * connection is the host's.
   */
  @Override
  public String fenceLease(String table) {
    return """
    UPDATE %s SET owner = owner WHERE namespace = ? AND name = ? AND token = ?
    RETURNING held_until > %s\
    """
        .formatted(table, SqliteClock.micros(clock));
  }
}
