package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SeriesKey;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The series of a namespace: a row for each, with the time of its newest sample. */
final class SeriesTable {
  private static final Json JSON = Json.standard();

  private final MetricTables tables;

  SeriesTable(MetricTables tables) {
    this.tables = tables;
  }

  /** One of them. */
  record Row(long id, SeriesKey key) {}

  /** What a row must fulfil to have anything left. */
  private String isAlive() {
    return "namespace = ? AND (newest >= ? OR EXISTS (SELECT 1 FROM %s WHERE series = id AND hour >= ?))"
        .formatted(tables.rollUps());
  }

  private void bindAlive(PreparedStatement select, Oldest oldest) throws SQLException {
    select.setString(1, tables.namespace());
    select.setLong(2, oldest.raw());
    select.setLong(3, RollUp.startOf(oldest.rollUps()));
  }

  /** All series of a metric that have anything left. */
  List<Row> of(Connection connection, String metric, Oldest oldest) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, labels FROM %s WHERE %s AND metric = ?"
                .formatted(tables.series(), isAlive()))) {
      bindAlive(select, oldest);
      select.setString(4, metric);
      List<Row> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(new Row(rows.getLong(1), new SeriesKey(metric, labels(rows.getString(2)))));
        }
      }
      return found;
    }
  }

  private static Map<String, String> labels(String json) {
    Map<String, String> labels = new TreeMap<>();
    JSON.decodeObject(json.getBytes(UTF_8))
        .forEach((name, value) -> labels.put(name, String.valueOf(value)));
    return labels;
  }

  /** The names of all metrics that have anything left, ordered. */
  List<String> metrics(Connection connection, Oldest oldest) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT DISTINCT metric FROM %s WHERE %s".formatted(tables.series(), isAlive()))) {
      bindAlive(select, oldest);
      SortedSet<String> found = new TreeSet<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return List.copyOf(found);
    }
  }

  int count(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT count(*) FROM %s WHERE namespace = ?".formatted(tables.series()))) {
      select.setString(1, tables.namespace());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** The row of a series, if there is one. */
  Optional<Long> find(Connection connection, SeriesKey key) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM %s WHERE namespace = ? AND digest = ?".formatted(tables.series()))) {
      select.setString(1, tables.namespace());
      select.setBytes(2, digest(key));
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
      }
    }
  }

  /** Adds a series that is not there. */
  void add(Connection connection, SeriesKey key) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (namespace, metric, labels, digest) VALUES (?, ?, ?, ?)"
                .formatted(tables.series()))) {
      insert.setString(1, tables.namespace());
      insert.setString(2, key.metric());
      insert.setString(3, JSON.encodeText(key.labels()));
      insert.setBytes(4, digest(key));
      insert.executeUpdate();
    }
  }

  private static byte[] digest(SeriesKey key) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(key.metric().getBytes(UTF_8));
      sha.update((byte) 0); // no name has one
      return sha.digest(JSON.encode(key.labels()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private static long timeAt(ResultSet rows, int column) throws SQLException {
    long time = rows.getLong(column);
    return rows.wasNull() ? SeriesBatch.NOTHING : time;
  }

  /**
   * Locks series in the order of their ids; the newest time of each that is still there. An id is
   * another series' where the database was set back since.
   */
  Map<Long, Long> lock(Connection connection, Map<SeriesKey, Long> ids, String forUpdate)
      throws SQLException {
    Map<Long, Long> newest = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT newest FROM %s WHERE id = ? AND namespace = ? AND digest = ? %s"
                .formatted(tables.series(), forUpdate))) {
      for (Map.Entry<SeriesKey, Long> each : inOrder(ids)) {
        select.setLong(1, each.getValue());
        select.setString(2, tables.namespace());
        select.setBytes(3, digest(each.getKey()));
        try (ResultSet row = select.executeQuery()) {
          if (row.next()) {
            newest.put(each.getValue(), timeAt(row, 1));
          }
        }
      }
    }
    return newest;
  }

  private static List<Map.Entry<SeriesKey, Long>> inOrder(Map<SeriesKey, Long> ids) {
    return ids.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
  }

  /** Notes the newest time of each batch's series. */
  void setNewest(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE %s SET newest = ? WHERE id = ?".formatted(tables.series()))) {
      for (SeriesBatch batch : batches) {
        update.setLong(1, batch.newest());
        update.setLong(2, batch.id());
        update.addBatch();
      }
      update.executeBatch();
    }
  }
}
