package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgreSql implements Dialect {
  /** Not {@code now()}, which stands still in a transaction. */
  private static final String NOW = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint";

  static final String LOCK_NOT_AVAILABLE = "55P03";

  private static final Set<String> UNDONE =
      Set.of("40001", "40P01", LOCK_NOT_AVAILABLE); // the others: serialization, deadlock

  private static final Set<String> BROKEN =
      Set.of("57P01", "57P02", "57P05"); // the backend was ended

  private static final Set<String> DOWN =
      Set.of("57P03", "25006"); // starting up; a standby since a fail-over

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public String now() {
    return NOW;
  }

  @Override
  public String forUpdate() {
    return " FOR UPDATE";
  }

  @Override
  public boolean handsOutRows() {
    return false;
  }

  @Override
  public String isOneOf(String column) {
    return column + " = ANY (?)";
  }

  @Override
  public Object texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  @Override
  public Undo setUp(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    int isolation = connection.getTransactionIsolation();
    if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    }
    int networkTimeout = connection.getNetworkTimeout();
    return () -> {
      if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
        connection.setTransactionIsolation(isolation);
      }
      connection.setNetworkTimeout(Runnable::run, networkTimeout);
      connection.setAutoCommit(autoCommit);
    };
  }

  @Override
  public Connection prepared(Connection connection) {
    return connection;
  }

  @Override
  public boolean hasNetwork() {
    return true;
  }

  @Override
  public void appendLater(
      Session session,
      Streams streams,
      List<Append<?>> appends,
      BiConsumer<@Nullable List<Append.Placed>, @Nullable Throwable> end) {
    session.statementsLater(new AppendCall(session, streams.options(), appends), end);
  }

  @Override
  public int writersOfALog() {
    return 2;
  }

  @Override
  public void begin(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
  }

  @Override
  public void commit(Connection connection) throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public void rollback(Connection connection) throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  @Override
  public void lockSchema(Connection connection, String prefix) throws SQLException {
    requireUtf8(connection);
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      lock.setString(1, "platform schema " + prefix);
      lock.execute();
    }
  }

  private static void requireUtf8(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_encoding")) {
      row.next();
      if (!"UTF8".equals(row.getString(1))) {
        throw new UnsupportedOperationException(
            "encoding of the database was '%s' but it must be UTF8".formatted(row.getString(1)));
      }
    }
  }

  @Override
  public boolean hasTable(Connection connection, String table) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      query.setString(1, table);
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  @Override
  public MetricSql metrics(String namespace, String prefix) {
    return new PostgreSqlMetrics(namespace, prefix);
  }

  @Override
  public Failure failure(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (UNDONE.contains(state)) {
      return Failure.UNDONE;
    }
    if (state.startsWith("08") || BROKEN.contains(state)) {
      return Failure.BROKEN;
    }
    return DOWN.contains(state) || state.startsWith("53") ? Failure.DOWN : Failure.REFUSED;
  }

  /** So that whoever wants a lease whose holder has fenced a long transaction holds up nobody. */
  @Override
  public String boundedWait() {
    return " AND set_config('lock_timeout', '100', true) IS NOT NULL";
  }

  @Override
  public String parameter(String type) {
    return "?::" + type;
  }

  /**
   * The lock first and the time afterwards: the lock may have been waited for. It lets renewing
   * pass and makes taking over wait, since the owner is a part of a key.
   */
  @Override
  public String fenceLease(String table) {
    return """
    WITH held AS MATERIALIZED (
      SELECT held_until FROM %s WHERE namespace = ? AND name = ? AND token = ? FOR KEY SHARE)
    SELECT held_until > %s FROM held\
    """
        .formatted(table, NOW);
  }
}
