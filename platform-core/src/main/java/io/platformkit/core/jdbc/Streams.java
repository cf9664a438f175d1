package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.log.EventLogOptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rows of the streams of one log. Stateless; each method is part of a transaction. */
final class Streams {
  private final Dialect dialect;
  private final EventLogOptions options;
  private final RandomNumbers randoms = new RandomNumbers();
  private final String table;
  private final String select;
  private final String lock;

  Streams(Session session, EventLogOptions options) {
    this.dialect = session.dialect();
    this.options = options;
    this.table = session.settings().table("streams");
    String all =
        """
        SELECT id, stream, epoch, head, head_mark, floor, floor_mark, appended_at, %s AS now
        FROM %s WHERE namespace = ? AND %s\
        """
            .formatted(dialect.now(), table, dialect.isOneOf("stream"));
    this.select = all + " AND " + isNotIdle();
    this.lock = all + " ORDER BY stream" + dialect.forUpdate();
  }

  EventLogOptions options() {
    return options;
  }

  String namespace() {
    return options.namespace();
  }

  String table() {
    return table;
  }

  /** One stream, unless it is absent or was idle for too long. */
  Optional<StreamRow> find(Connection connection, String stream) throws SQLException {
    return Optional.ofNullable(find(connection, List.of(stream)).get(stream));
  }

  /** Those streams that are there. */
  Map<String, StreamRow> find(Connection connection, Collection<String> streams)
      throws SQLException {
    return select(connection, select, streams);
  }

  /** One stream, made if it is missing, and locked. */
  StreamRow lock(Connection connection, String stream) throws SQLException {
    return Objects.requireNonNull(lock(connection, List.of(stream)).get(stream));
  }

  /** All of the streams, made where they are missing, and locked. */
  Map<String, StreamRow> lock(Connection connection, Collection<String> streams)
      throws SQLException {
    Set<String> sorted = new TreeSet<>(Bounds.NAME_ORDER);
    sorted.addAll(streams);
    if (options.idleTtl().isPresent()) {
      retire(connection, sorted, "NOT (" + isNotIdle() + ")");
    }
    Map<String, StreamRow> locked = lockPresent(connection, sorted);
    while (locked.size() < sorted.size()) {
      Set<String> missing = new TreeSet<>(Bounds.NAME_ORDER);
      missing.addAll(sorted);
      missing.removeAll(locked.keySet());
      create(connection, missing);
      locked.putAll(lockPresent(connection, missing));
    }
    return locked;
  }

  private Map<String, StreamRow> lockPresent(Connection connection, Collection<String> streams)
      throws SQLException {
    return select(connection, lock, streams);
  }

  private Map<String, StreamRow> select(
      Connection connection, String sql, Collection<String> streams) throws SQLException {
    Map<String, StreamRow> found = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, options.namespace());
      query.setObject(2, dialect.texts(connection, streams));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          StreamRow stream = stream(row);
          found.put(stream.name(), stream);
        }
      }
    }
    return found;
  }

  private static StreamRow stream(ResultSet row) throws SQLException {
    return new StreamRow(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6),
        row.getLong(7),
        Math.max(row.getLong(8), row.getLong(9)));
  }

  private void create(Connection connection, Set<String> streams) throws SQLException {
    String sql =
        """
        INSERT INTO %s
        (namespace, stream, epoch, head, head_mark, floor, floor_mark, appended_at)
        VALUES (?, ?, ?, 0, ?, 0, ?, %s) ON CONFLICT (namespace, stream) DO NOTHING\
        """
            .formatted(table, dialect.now());
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (String stream : streams) {
        long mark = randoms.next();
        insert.setString(1, options.namespace());
        insert.setString(2, stream);
        insert.setString(3, HexFormat.of().toHexDigits(randoms.next()));
        insert.setLong(4, mark);
        insert.setLong(5, mark);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** A condition that a stream was not idle for too long. */
  String isNotIdle() {
    return options
        .idleTtl()
        .map(idle -> "appended_at > %s - %d".formatted(dialect.now(), idle.toNanos() / 1000))
        .orElse("TRUE");
  }

  /** Takes streams their names, which deletes them; what they hold is cleaned up later. */
  int retire(Connection connection, Collection<String> streams, String condition)
      throws SQLException {
    String sql =
        "UPDATE %s SET stream = NULL WHERE namespace = ? AND %s AND %s"
            .formatted(table, dialect.isOneOf("stream"), condition);
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, options.namespace());
      update.setObject(2, dialect.texts(connection, streams));
      return update.executeUpdate();
    }
  }

  /** Retires idle streams among those after a name; gives the name that it came to. */
  Optional<String> retireIdleAfter(Connection connection, String after, int most)
      throws SQLException {
    String sql =
        "SELECT stream, %s AS live FROM %s WHERE namespace = ? AND stream > ? ORDER BY stream LIMIT ?"
            .formatted(isNotIdle(), table);
    Set<String> idle = new HashSet<>();
    String last = "";
    int count = 0;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, options.namespace());
      query.setString(2, after);
      query.setInt(3, most);
      try (ResultSet row = query.executeQuery()) {
        for (; row.next(); count++) {
          last = row.getString("stream");
          if (!row.getBoolean("live")) {
            idle.add(last);
          }
        }
      }
    }
    if (!idle.isEmpty()) {
      retire(connection, idle, "NOT (" + isNotIdle() + ")");
    }
    return count < most ? Optional.empty() : Optional.of(last);
  }

  /** Begins a new epoch, unless somebody else has. */
  int renewEpoch(Connection connection, StreamRow stream) throws SQLException {
    String sql = "UPDATE %s SET epoch = ? WHERE id = ? AND epoch = ?".formatted(table);
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(
          1,
          stream.headPosition().incarnation() + "_" + HexFormat.of().toHexDigits(randoms.next()));
      update.setLong(2, stream.id());
      update.setString(3, stream.epoch());
      return update.executeUpdate();
    }
  }
}
