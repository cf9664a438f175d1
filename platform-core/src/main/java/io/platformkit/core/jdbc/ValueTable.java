package io.platformkit.core.jdbc;

import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The rows of one namespace of a key-value store. Rows that have expired count as absent. */
final class ValueTable {
  private final Dialect dialect;
  private final String namespace;
  private final String table;
  private final String select;
  private final String upsert;
  private final String insert;
  private final String update;
  private final String delete;
  private final String deleteVersion;

  ValueTable(Session session, String namespace) {
    this.dialect = session.dialect();
    this.namespace = namespace;
    this.table = session.settings().table("values");
    String isLive = " WHERE namespace = ? AND key = ? AND " + isNotExpired();
    this.select = "SELECT value, version FROM " + table + isLive;
    this.upsert = upsert("");
    this.insert = upsert("WHERE NOT " + isNotExpired());
    this.update =
        "UPDATE %s SET version = ?, value = ?, expires_at = %s + ?%s AND version = ?"
            .formatted(table, dialect.now(), isLive);
    this.delete = "DELETE FROM " + table + isLive;
    this.deleteVersion = delete + " AND version = ?";
  }

  Optional<Versioned> find(Connection connection, String key) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(select)) {
      query.setString(1, namespace);
      query.setString(2, key);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(versioned(row, 1)) : Optional.empty();
      }
    }
  }

  /** From a column with the value and one with the version after it. */
  private static Versioned versioned(ResultSet row, int column) throws SQLException {
    return new Versioned(row.getBytes(column), row.getLong(column + 1));
  }

  private String isNotExpired() {
    return "(%1$s.expires_at IS NULL OR %1$s.expires_at > %2$s)".formatted(table, dialect.now());
  }

  Map<String, Versioned> find(Connection connection, Set<String> keys) throws SQLException {
    String sql =
        "SELECT key, value, version FROM %s WHERE namespace = ? AND %s AND %s"
            .formatted(table, dialect.isOneOf("key"), isNotExpired());
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, namespace);
      query.setObject(2, dialect.texts(connection, keys));
      return rows(query);
    }
  }

  private static SequencedMap<String, Versioned> rows(PreparedStatement query) throws SQLException {
    SequencedMap<String, Versioned> found = new LinkedHashMap<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.put(row.getString(1), versioned(row, 2));
      }
    }
    return found;
  }

  /** Sets a key, whatever it was. */
  int put(Connection connection, String key, Versioned stored, Ttl ttl) throws SQLException {
    return execute(connection, upsert, key, stored, ttl);
  }

  /** Sets a key if it is absent; how many keys were set. */
  int putIfAbsent(Connection connection, String key, Versioned stored, Ttl ttl)
      throws SQLException {
    return execute(connection, insert, key, stored, ttl);
  }

  private int execute(Connection connection, String sql, String key, Versioned stored, Ttl ttl)
      throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(sql)) {
      bind(change, key, stored, ttl);
      return change.executeUpdate();
    }
  }

  private String upsert(String condition) {
    return """
    INSERT INTO %1$s (namespace, key, version, value, expires_at)
    VALUES (?, ?, ?, ?, %2$s + ?)
    ON CONFLICT (namespace, key) DO UPDATE
    SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at
    %3$s\
    """
        .formatted(table, dialect.now(), condition);
  }

  private void bind(PreparedStatement insert, String key, Versioned stored, Ttl ttl)
      throws SQLException {
    insert.setString(1, namespace);
    insert.setString(2, key);
    insert.setLong(3, stored.version());
    insert.setBytes(4, stored.value());
    bind(insert, 5, ttl);
  }

  /** Nothing added to the time is no time at all: never. */
  private static void bind(PreparedStatement statement, int mark, Ttl ttl) throws SQLException {
    if (ttl.span().isPresent()) {
      statement.setLong(mark, ttl.span().get().toMillis() * 1000);
    } else {
      statement.setNull(mark, Types.BIGINT);
    }
  }

  /** Sets keys in their order, the same for all who write, so that nobody waits for each other. */
  int putAll(Connection connection, SortedMap<String, Versioned> stored, Ttl ttl)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(upsert)) {
      for (Map.Entry<String, Versioned> entry : stored.entrySet()) {
        bind(insert, entry.getKey(), entry.getValue(), ttl);
        insert.addBatch();
      }
      return insert.executeBatch().length;
    }
  }

  /** Sets a key if it has the version; how many keys were set. */
  int replace(Connection connection, String key, long expected, Versioned stored, Ttl ttl)
      throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(update)) {
      change.setLong(1, stored.version());
      change.setBytes(2, stored.value());
      bind(change, 3, ttl);
      change.setString(4, namespace);
      change.setString(5, key);
      change.setLong(6, expected);
      return change.executeUpdate();
    }
  }

  /** Removes a key; how many were removed. */
  int remove(Connection connection, String key) throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(delete)) {
      change.setString(1, namespace);
      change.setString(2, key);
      return change.executeUpdate();
    }
  }

  /** Removes a key if it has the version; how many were removed. */
  int remove(Connection connection, String key, long expected) throws SQLException {
    try (PreparedStatement change = connection.prepareStatement(deleteVersion)) {
      change.setString(1, namespace);
      change.setString(2, key);
      change.setLong(3, expected);
      return change.executeUpdate();
    }
  }

  /** A range of keys instead of a pattern: it is found by the index, and nothing is to escape. */
  Page scan(Connection connection, String prefix, @Nullable String after, int limit)
      throws SQLException {
    Optional<String> end = Prefixes.end(prefix);
    String sql =
        """
        SELECT key, value, version FROM %s
        WHERE namespace = ? AND key >= ?%s%s AND %s ORDER BY key LIMIT ?\
        """
            .formatted(
                table,
                after == null ? "" : " AND key > ?",
                end.isEmpty() ? "" : " AND key < ?",
                isNotExpired());
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      int mark = 1;
      query.setString(mark++, namespace);
      query.setString(mark++, prefix);
      if (after != null) {
        query.setString(mark++, after);
      }
      if (end.isPresent()) {
        query.setString(mark++, end.get());
      }
      query.setInt(mark, limit);
      SequencedMap<String, Versioned> found = rows(query);
      boolean full = found.size() == limit;
      return new Page(found, full ? Optional.of(found.lastEntry().getKey()) : Optional.empty());
    }
  }
}
