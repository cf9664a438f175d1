package io.platformkit.core.jdbc;

import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.jdbc.Append.Placed;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Appends that are done together in one transaction of SQLite, which is alone. Remembers what it
 * tried, so that another try can tell whether it was done.
 */
final class AppendBatch implements ResentSql<List<Placed>> {
  private final Dialect dialect;
  private final Streams streams;
  private final String entries;
  private final String keys;
  private final List<Append<?>> appends;
  private AppendPlan tried = AppendPlan.NONE;

  AppendBatch(Session session, Streams streams, List<Append<?>> appends) {
    this.dialect = session.dialect();
    this.streams = streams;
    this.entries = session.settings().table("entries");
    this.keys = session.settings().table("entry_keys");
    this.appends = appends;
  }

  @Override
  public List<Placed> run(Connection connection, boolean again) throws SQLException {
    Set<String> names = new HashSet<>();
    appends.forEach(append -> names.add(append.stream()));
    Map<String, StreamRow> locked = streams.lock(connection, names);
    if (again && wasDone(connection, locked)) {
      return tried.placed();
    }
    AppendPlan plan = new AppendPlan(locked, knownKeys(connection));
    appends.forEach(plan::place);
    insertEntries(connection, plan.rows());
    updateHeads(connection, plan.heads());
    insertKeys(connection, plan.keys());
    tried = plan;
    return plan.placed();
  }

  /** Whether the try before was committed. */
  private boolean wasDone(Connection connection, Map<String, StreamRow> locked)
      throws SQLException {
    boolean knows = tried.rows().isEmpty();
    for (AppendPlan.Row row : tried.rows()) {
      StreamRow now = locked.get(row.stream().name());
      if (now != null && now.id() == row.stream().id() && now.floor() < row.seq()) {
        return hasEntry(connection, row);
      }
    }
    if (!knows) {
      throw new OutcomeUnknownException(
          "the answer to an append was lost, and its stream was trimmed or deleted since",
          new IllegalStateException("nothing is left to look at"));
    }
    return false;
  }

  private boolean hasEntry(Connection connection, AppendPlan.Row row) throws SQLException {
    String sql = "SELECT 1 FROM %s WHERE stream_id = ? AND seq = ? AND mark = ?".formatted(entries);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, row.stream().id());
      query.setLong(2, row.seq());
      query.setLong(3, row.mark());
      try (ResultSet found = query.executeQuery()) {
        return found.next();
      }
    }
  }

  private Map<AppendPlan.Key, Position> knownKeys(Connection connection) throws SQLException {
    Set<String> names = new HashSet<>();
    Set<String> wanted = new HashSet<>();
    for (Append<?> append : appends) {
      append
          .key()
          .ifPresent(key -> {
            names.add(append.stream());
            wanted.add(key);
          });
    }
    return wanted.isEmpty() ? Map.of() : findKeys(connection, names, wanted);
  }

  private Map<AppendPlan.Key, Position> findKeys(
      Connection connection, Set<String> names, Set<String> wanted) throws SQLException {
    String sql =
        """
        SELECT s.stream, s.epoch, k.key, k.seq, k.mark
        FROM %s s JOIN %s k ON k.stream_id = s.id
        WHERE s.namespace = ? AND %s AND %s AND k.appended_at > %s - %d\
        """
            .formatted(
                streams.table(),
                keys,
                dialect.isOneOf("s.stream"),
                dialect.isOneOf("k.key"),
                dialect.now(),
                EventLog.KEY_WINDOW.toMillis() * 1000);
    Map<AppendPlan.Key, Position> known = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, streams.namespace());
      query.setObject(2, dialect.texts(connection, names));
      query.setObject(3, dialect.texts(connection, wanted));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          known.put(
              new AppendPlan.Key(row.getString("stream"), row.getString("key")),
              new Position(row.getString("epoch"), row.getLong("seq"), row.getLong("mark")));
        }
      }
    }
    return known;
  }

  private void insertEntries(Connection connection, List<AppendPlan.Row> rows) throws SQLException {
    String sql =
        "INSERT INTO %s (stream_id, seq, mark, appended_at, data) VALUES (?, ?, ?, ?, ?)"
            .formatted(entries);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (AppendPlan.Row row : rows) {
        insert.setLong(1, row.stream().id());
        insert.setLong(2, row.seq());
        insert.setLong(3, row.mark());
        insert.setLong(4, row.at());
        insert.setBytes(5, row.data());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void updateHeads(Connection connection, Collection<AppendPlan.Row> heads)
      throws SQLException {
    String sql =
        "UPDATE %s SET head = ?, head_mark = ?, appended_at = ? WHERE id = ?"
            .formatted(streams.table());
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (AppendPlan.Row head : heads) {
        update.setLong(1, head.seq());
        update.setLong(2, head.mark());
        update.setLong(3, head.at());
        update.setLong(4, head.stream().id());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private void insertKeys(Connection connection, Map<AppendPlan.Key, AppendPlan.Row> added)
      throws SQLException {
    if (added.isEmpty()) {
      return;
    }
    String sql =
        """
        INSERT INTO %s (stream_id, key, seq, mark, appended_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (stream_id, key) DO UPDATE
        SET seq = excluded.seq, mark = excluded.mark, appended_at = excluded.appended_at\
        """
            .formatted(keys);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Map.Entry<AppendPlan.Key, AppendPlan.Row> each : added.entrySet()) {
        AppendPlan.Row row = each.getValue();
        insert.setLong(1, row.stream().id());
        insert.setString(2, each.getKey().key());
        insert.setLong(3, row.seq());
        insert.setLong(4, row.mark());
        insert.setLong(5, row.at());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
