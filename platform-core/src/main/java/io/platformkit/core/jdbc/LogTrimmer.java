package io.platformkit.core.jdbc;

import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Retention;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Makes streams shorter. What goes is first said to be gone, by the floor or by taking the stream
 * its name, and removed afterwards, in small transactions.
 */
final class LogTrimmer {
  /** Rows that one transaction removes. */
  private static final int BATCH = 2_000;

  /** Transactions of one pass of cleaning. */
  private static final int PASS = 20;

  private final Session session;
  private final Streams streams;
  private final EventLogOptions options;
  private final String entries;
  private final String keys;
  private volatile String idleUpTo = "";

  LogTrimmer(Session session, EventLogOptions options) {
    this.session = session;
    this.streams = new Streams(session, options);
    this.options = options;
    this.entries = session.settings().table("entries");
    this.keys = session.settings().table("entry_keys");
  }

  void trim(String stream, Retention keep) {
    Optional<Cut> cut = session.write(connection -> raiseFloor(connection, stream, keep));
    cut.ifPresent(made -> removeUpTo(made.id(), made.floor()));
  }

  private record Cut(long id, long floor) {}

  private Optional<Cut> raiseFloor(Connection connection, String stream, Retention keep)
      throws SQLException {
    if (streams.find(connection, stream).isEmpty()) {
      return Optional.empty();
    }
    StreamRow row = streams.lock(connection, stream);
    long floor = Math.min(row.head(), Math.max(row.floor(), floor(connection, row, keep)));
    if (floor > row.floor()) {
      setFloor(connection, row, floor);
    }
    return Optional.of(new Cut(row.id(), floor));
  }

  private long floor(Connection connection, StreamRow row, Retention keep) throws SQLException {
    long byCount = row.head() - keep.newest().orElse(Long.MAX_VALUE >> 1);
    if (keep.age().isEmpty()) {
      return byCount;
    }
    long oldest = row.at() - keep.age().get().toMillis() * 1000;
    return Math.max(byCount, lastBefore(connection, row, oldest));
  }

  /** The offset of the last entry that is older; the head if all are. */
  private long lastBefore(Connection connection, StreamRow row, long oldest) throws SQLException {
    String sql =
        "SELECT seq FROM %s WHERE stream_id = ? AND seq > ? AND appended_at >= ? ORDER BY seq LIMIT 1"
            .formatted(entries);
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, row.id());
      query.setLong(2, row.floor());
      query.setLong(3, oldest);
      try (ResultSet first = query.executeQuery()) {
        return first.next() ? first.getLong(1) - 1 : row.head();
      }
    }
  }

  private void setFloor(Connection connection, StreamRow row, long floor) throws SQLException {
    String sql =
        """
        UPDATE %s SET floor = ?,
        floor_mark = (SELECT mark FROM %s WHERE stream_id = ? AND seq = ?) WHERE id = ?\
        """
            .formatted(streams.table(), entries);
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, floor);
      update.setLong(2, row.id());
      update.setLong(3, floor);
      update.setLong(4, row.id());
      update.executeUpdate();
    }
  }

  private void removeUpTo(long id, long floor) {
    while (session.write(connection -> removeSome(connection, id, floor)) > 0) {
      // the next ones
    }
  }

  /** Removes the oldest entries, if they are not after the floor. */
  private int removeSome(Connection connection, long id, long floor) throws SQLException {
    String sql =
        """
        DELETE FROM %1$s WHERE stream_id = ? AND seq <= ?
        AND seq < (SELECT min(seq) FROM %1$s WHERE stream_id = ?) + %2$d\
        """
            .formatted(entries, BATCH);
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      delete.setLong(1, id);
      delete.setLong(2, floor);
      delete.setLong(3, id);
      return delete.executeUpdate();
    }
  }

  void delete(String stream) {
    session.write(connection -> streams.retire(connection, List.of(stream), "TRUE"));
  }

  /** Removes what is left of deleted and idle streams, and old keys; so much and no more. */
  void clean() {
    if (options.idleTtl().isPresent()) {
      idleUpTo =
          session
              .write(connection -> streams.retireIdleAfter(connection, idleUpTo, BATCH))
              .orElse("");
    }
    int removed = 1;
    for (int i = 0; i < PASS && removed > 0; i++) {
      removed = session.write(this::cleanSome);
    }
  }

  private int cleanSome(Connection connection) throws SQLException {
    int removed = removeKeys(connection);
    Optional<Long> deleted = deletedStream(connection);
    if (deleted.isPresent()) {
      int gone = removeSome(connection, deleted.get(), Long.MAX_VALUE);
      removed += gone > 0 ? gone : removeStream(connection, deleted.get());
    }
    return removed;
  }

  private int removeKeys(Connection connection) throws SQLException {
    String isOld =
        "appended_at <= %s - %d"
            .formatted(session.dialect().now(), EventLog.KEY_WINDOW.toMillis() * 1000);
    String sql =
        """
        DELETE FROM %1$s WHERE %2$s AND (stream_id, key) IN
        (SELECT stream_id, key FROM %1$s WHERE %2$s LIMIT %3$d)\
        """
            .formatted(keys, isOld, BATCH);
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      return delete.executeUpdate();
    }
  }

  /** One that no append can have been sent to, whose answer is still waited for. */
  private Optional<Long> deletedStream(Connection connection) throws SQLException {
    String sql =
        "SELECT id FROM %s WHERE stream IS NULL AND appended_at <= %s - %d ORDER BY id LIMIT 1"
            .formatted(
                streams.table(), session.dialect().now(), EventLog.KEY_WINDOW.toMillis() * 1000);
    try (PreparedStatement query = connection.prepareStatement(sql);
        ResultSet row = query.executeQuery()) {
      return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
    }
  }

  private int removeStream(Connection connection, long id) throws SQLException {
    for (String where : List.of(keys + " WHERE stream_id = ?", streams.table() + " WHERE id = ?")) {
      try (PreparedStatement delete = connection.prepareStatement("DELETE FROM " + where)) {
        delete.setLong(1, id);
        delete.executeUpdate();
      }
    }
    return 1;
  }
}
