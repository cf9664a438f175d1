package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What differs between the databases. */
sealed interface Dialect permits PostgreSql, Sqlite {
  /** Names the folder of the scripts. */
  String name();

  /** An expression for microseconds since 1970 by the clock that the database goes by. */
  String now();

  /** What ends a select whose rows are to be locked until the end of the transaction. */
  String forUpdate();

  /** Whether rows come one by one as they are read; otherwise all of an answer is in memory. */
  boolean handsOutRows();

  /** A condition that a column is one of the texts that {@link #texts} binds to its one mark. */
  String isOneOf(String column);

  /** What to bind, as an object, for a set of texts. */
  Object texts(Connection connection, Collection<String> texts) throws SQLException;

  /**
   * Makes a connection that was just borrowed ours, whatever its defaults are.
   *
   * @return makes it again what it was
   */
  Undo setUp(Connection connection) throws SQLException;

  /** The connection, so that what was prepared on it is not prepared again. */
  Connection prepared(Connection connection);

  /** Begins a transaction that can write. */
  void begin(Connection connection) throws SQLException;

  void commit(Connection connection) throws SQLException;

  void rollback(Connection connection) throws SQLException;

  /**
   * Appends together, all or none; returns at once.
   *
   * @param end is told, for each append, what became of it, or the failure
   */
  void appendLater(
      Session session,
      Streams streams,
      List<Append<?>> appends,
      BiConsumer<@Nullable List<Append.Placed>, @Nullable Throwable> end);

  /** How many transactions at once append to different streams of one log. */
  int writersOfALog();

  /** Keeps others from creating the schema until the end of the transaction. */
  void lockSchema(Connection connection, String prefix) throws SQLException;

  /** Whether the table is there. */
  boolean hasTable(Connection connection, String table) throws SQLException;

  /** Whether it is asked over a network: a call can be given a time limit, and a trip is dear. */
  boolean hasNetwork();

  /** The statements of a metric store. */
  MetricSql metrics(String namespace, String prefix);

  /** What the failure of a statement means. */
  Failure failure(SQLException failure);

  /**
   * Takes a lease that is free or the same owner's, and gives its token. Marks: namespace, name,
   * owner, microseconds; namespace, name, owner.
   */
  default String takeLease(String table) {
    return """
    INSERT INTO %1$s (namespace, name, token, owner, held_until)
    SELECT i.namespace, i.name, %2$s, i.owner, %2$s + i.span
    FROM (SELECT %4$s AS namespace, %4$s AS name, %5$s AS owner, %5$s AS span) AS i
    WHERE NOT EXISTS (
      SELECT 1 FROM %1$s h WHERE h.namespace = ? AND h.name = ?
      AND h.held_until > %2$s AND h.owner <> ?)%3$s
    ON CONFLICT (namespace, name) DO UPDATE SET
      token = CASE WHEN %1$s.owner = excluded.owner THEN %1$s.token
        WHEN %1$s.token >= excluded.token THEN %1$s.token + 1 ELSE excluded.token END,
      owner = excluded.owner, held_until = excluded.held_until
    WHERE %1$s.held_until <= %2$s OR %1$s.owner = excluded.owner
    RETURNING token\
    """
        .formatted(table, now(), boundedWait(), parameter("text"), parameter("bigint"));
  }

  /** A further condition that bounds how long the statement waits for locks; or nothing. */
  String boundedWait();

  /** A mark of a type that can't be told from where it stands. */
  String parameter(String type);

  /**
   * Whether a lease is held, in a row that stays until the end of the transaction. Marks:
   * namespace, name, token.
   */
  String fenceLease(String table);

  /** Gives a connection back its settings. */
  @FunctionalInterface
  interface Undo {
    void run() throws SQLException;
  }

  /**
   * The dialect of the database behind a connection.
   *
   * @throws UnsupportedOperationException if it is another one
   */
  static Dialect of(Connection connection, InstantSource clock, SqliteSync sync)
      throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    return switch (data.getDatabaseProductName()) {
      case "PostgreSQL" -> new PostgreSql();
      case "SQLite" -> new Sqlite(clock, sync);
      default ->
          throw new UnsupportedOperationException(
              "dataSource was of '%s' but it must be of PostgreSQL or SQLite"
                  .formatted(data.getDatabaseProductName()));
    };
  }
}
