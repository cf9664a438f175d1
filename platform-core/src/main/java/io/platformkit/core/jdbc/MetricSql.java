package io.platformkit.core.jdbc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SampleReader;
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
import java.util.function.Consumer;

/** The statements of a metric store; those here are the same on all databases. */
abstract sealed class MetricSql permits PostgreSqlMetrics, SqliteMetrics {
  /** Rows that are read or written at once. */
  static final int PORTION = 4096;

  private static final Json JSON = Json.standard();

  private final String namespace;
  final String series;
  final String samples;
  final String rollUps;
  private final String retentions;

  MetricSql(String namespace, String prefix) {
    this.namespace = namespace;
    this.series = prefix + "_metric_series";
    this.samples = prefix + "_metric_samples";
    this.rollUps = prefix + "_metric_rollups";
    this.retentions = prefix + "_metric_retention";
  }

  /** A row of the table of series. */
  record SeriesRow(long id, SeriesKey key) {}

  /** What a row must fulfil to have anything left. */
  private String isAlive() {
    return "namespace = ? AND (newest >= ? OR EXISTS (SELECT 1 FROM %s WHERE series = id AND hour >= ?))"
        .formatted(rollUps);
  }

  private void bindAlive(PreparedStatement select, Oldest oldest) throws SQLException {
    select.setString(1, namespace);
    select.setLong(2, oldest.raw());
    select.setLong(3, RollUp.startOf(oldest.rollUps()));
  }

  /** All series of a metric that have anything left. */
  List<SeriesRow> seriesOf(Connection connection, String metric, Oldest oldest)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, labels FROM %s WHERE %s AND metric = ?".formatted(series, isAlive()))) {
      bindAlive(select, oldest);
      select.setString(4, metric);
      List<SeriesRow> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(
              new SeriesRow(rows.getLong(1), new SeriesKey(metric, labels(rows.getString(2)))));
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
            "SELECT DISTINCT metric FROM %s WHERE %s".formatted(series, isAlive()))) {
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
            "SELECT count(*) FROM %s WHERE namespace = ?".formatted(series))) {
      select.setString(1, namespace);
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
            "SELECT id FROM %s WHERE namespace = ? AND digest = ?".formatted(series))) {
      select.setString(1, namespace);
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
                .formatted(series))) {
      insert.setString(1, namespace);
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
                .formatted(series, forUpdate))) {
      for (Map.Entry<SeriesKey, Long> each : inOrder(ids)) {
        select.setLong(1, each.getValue());
        select.setString(2, namespace);
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

  /** Writes the samples of all batches, over what is there. */
  void writeSamples(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (series, at, value) VALUES (?, ?, ?) ON CONFLICT (series, at) DO UPDATE SET value = excluded.value"
                .formatted(samples))) {
      for (SeriesBatch batch : batches) {
        for (int i = 0; i < batch.size(); i++) {
          insert.setLong(1, batch.id());
          insert.setLong(2, batch.timeOf(i));
          insert.setDouble(3, batch.valueOf(i));
          insert.addBatch();
          if (i % PORTION == PORTION - 1) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
    }
  }

  /** Notes the newest time of each batch's series. */
  void setNewest(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE %s SET newest = ? WHERE id = ?".formatted(series))) {
      for (SeriesBatch batch : batches) {
        update.setLong(1, batch.newest());
        update.setLong(2, batch.id());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /** Brings roll-ups up to date with the samples that were written. */
  void rollUp(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    String merge =
        insertRollUp()
            + """
             count = r.count + excluded.count,
             sum = r.sum + excluded.sum,
             min = CASE WHEN excluded.min < r.min THEN excluded.min ELSE r.min END,
             max = CASE WHEN excluded.max > r.max THEN excluded.max ELSE r.max END,
             last = excluded.last,
             last_at = excluded.last_at
            """;
    try (PreparedStatement insert = connection.prepareStatement(merge)) {
      for (SeriesBatch batch : batches) {
        for (RollUp hour : batch.additions()) {
          bind(insert, batch.id(), hour);
        }
      }
      insert.executeBatch();
    }
    for (SeriesBatch batch : batches) {
      for (long hour : batch.lateHours()) {
        rollUpAnew(connection, batch.id(), hour);
      }
    }
  }

  private String insertRollUp() {
    return """
    INSERT INTO %s AS r
      (series, hour, count, sum, min, max, first, first_at, last, last_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (series, hour) DO UPDATE SET
    """
        .formatted(rollUps);
  }

  private static void bind(PreparedStatement insert, long id, RollUp hour) throws SQLException {
    insert.setLong(1, id);
    insert.setLong(2, hour.start());
    insert.setLong(3, hour.count());
    insert.setDouble(4, hour.sum());
    insert.setDouble(5, hour.min());
    insert.setDouble(6, hour.max());
    insert.setDouble(7, hour.first());
    insert.setLong(8, hour.firstAt());
    insert.setDouble(9, hour.last());
    insert.setLong(10, hour.lastAt());
    insert.addBatch();
  }

  private void rollUpAnew(Connection connection, long id, long start) throws SQLException {
    RollUp hour = new RollUp(start);
    readSamples(
        connection,
        id,
        start,
        start + RollUp.HOUR,
        (times, values, from, to) -> {
          for (int i = from; i < to; i++) {
            hour.add(times[i], values[i]);
          }
        });
    update(
        connection, "DELETE FROM %s WHERE series = ? AND hour = ?".formatted(rollUps), id, start);
    if (hour.count() > 0) {
      try (PreparedStatement insert =
          connection.prepareStatement(insertRollUp() + "count = excluded.count")) {
        bind(insert, id, hour);
        insert.executeBatch();
      }
    }
  }

  static int update(Connection connection, String sql, long... parameters) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        update.setLong(i + 1, parameters[i]);
      }
      return update.executeUpdate();
    }
  }

  /** Hands over the samples of {@code [from, to)} in order. */
  void readSamples(Connection connection, long id, long from, long to, SampleReader reader)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT at, value FROM %s WHERE series = ? AND at >= ? AND at < ? ORDER BY at"
                .formatted(samples))) {
      select.setFetchSize(PORTION);
      bindRange(select, id, from, to);
      long[] times = new long[PORTION];
      double[] values = new double[PORTION];
      int size = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          if (size == PORTION) {
            reader.read(times, values, 0, size);
            size = 0;
          }
          times[size] = rows.getLong(1);
          values[size++] = valueAt(rows, 2);
        }
      }
      reader.read(times, values, 0, size);
    }
  }

  private static void bindRange(PreparedStatement select, long id, long from, long to)
      throws SQLException {
    select.setLong(1, id);
    select.setLong(2, from);
    select.setLong(3, to);
  }

  /** SQLite keeps NaN as NULL. */
  private static double valueAt(ResultSet rows, int column) throws SQLException {
    double value = rows.getDouble(column);
    return rows.wasNull() ? Double.NaN : value;
  }

  /** The newest value of {@code [from, to)} that is not NaN; NaN if there is none. */
  double lastOf(Connection connection, long id, long from, long to) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT value FROM %s WHERE series = ? AND at >= ? AND at < ? AND value IS NOT NULL AND value <> 'NaN' ORDER BY at DESC LIMIT 1"
                .formatted(samples))) {
      bindRange(select, id, from, to);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getDouble(1) : Double.NaN;
      }
    }
  }

  /** Hands over the roll-ups of the hours that begin in {@code [from, to)} in order. */
  void readRollUps(Connection connection, long id, long from, long to, Consumer<RollUp> reader)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT hour, count, sum, min, max, first, first_at, last, last_at
            FROM %s WHERE series = ? AND hour >= ? AND hour < ? ORDER BY hour
            """
                .formatted(rollUps))) {
      select.setFetchSize(PORTION);
      bindRange(select, id, from, to);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          reader.accept(
              RollUp.of(
                  rows.getLong(1),
                  rows.getLong(2),
                  valueAt(rows, 3),
                  rows.getDouble(4),
                  rows.getDouble(5),
                  rows.getDouble(6),
                  rows.getLong(7),
                  rows.getDouble(8),
                  rows.getLong(9)));
        }
      }
    }
  }

  /** Whether {@link #makeRoom} has to be called before samples of these times are written. */
  abstract boolean lacksRoom(Collection<Columns> columns);

  /** Prepares for samples of these times; in a transaction of its own. */
  abstract void makeRoom(Connection connection, Collection<Columns> columns) throws SQLException;

  /** Notes that there is room: the transaction of {@link #makeRoom} is done. */
  abstract void madeRoom(Collection<Columns> columns);

  /** Forgets what is known of the tables: a write has failed. */
  abstract void forget();

  /** Keeps others from adding series until the end of the transaction. */
  abstract void lockSeries(Connection connection) throws SQLException;

  /** Deletes at once what no namespace keeps, where the database can. */
  abstract void dropBefore(Connection connection, long time) throws SQLException;

  /** Says how long this namespace keeps samples, for those who share its tables. */
  void register(Connection connection, long retention) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (namespace, millis) VALUES (?, ?) ON CONFLICT (namespace) DO UPDATE SET millis = excluded.millis"
                .formatted(retentions))) {
      insert.setString(1, namespace);
      insert.setLong(2, retention);
      insert.executeUpdate();
    }
  }

  /** The longest that any namespace keeps samples, in milliseconds. */
  long longestRetention(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT max(millis) FROM %s".formatted(retentions));
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Deletes samples before a time, some portions at most.
   *
   * @return whether there may be more
   */
  boolean deleteSamples(Connection connection, long before) throws SQLException {
    List<Long> ids =
        ids(
            connection,
            "EXISTS (SELECT 1 FROM %s WHERE series = id AND at < ?)".formatted(samples),
            before);
    for (long id : ids) {
      update(
          connection,
          "DELETE FROM %1$s WHERE series = ? AND at IN (SELECT at FROM %1$s WHERE series = ? AND at < ? ORDER BY at LIMIT %2$d)"
              .formatted(samples, PORTION),
          id,
          id,
          before);
    }
    return !ids.isEmpty();
  }

  /** Deletes the roll-ups of hours that begin before a time, of some series at most. */
  boolean deleteRollUps(Connection connection, long before) throws SQLException {
    List<Long> ids =
        ids(
            connection,
            "EXISTS (SELECT 1 FROM %s WHERE series = id AND hour < ?)".formatted(rollUps),
            before);
    for (long id : ids) {
      update(
          connection,
          "DELETE FROM %s WHERE series = ? AND hour < ?".formatted(rollUps),
          id,
          before);
    }
    return !ids.isEmpty();
  }

  /** Deletes some of the series of which nothing is left; their ids are never used again. */
  boolean deleteSeries(Connection connection, Oldest oldest, String forUpdate) throws SQLException {
    List<Long> ids =
        ids(
            connection,
            "newest < ? AND NOT EXISTS (SELECT 1 FROM %s WHERE series = id AND hour >= ?)"
                .formatted(rollUps),
            oldest.raw(),
            RollUp.startOf(oldest.rollUps()));
    for (long id : ids.stream().sorted().toList()) {
      if (isOver(connection, id, oldest, forUpdate)) {
        delete(connection, id);
      }
    }
    return !ids.isEmpty();
  }

  /** Locks it; somebody may have written to it meanwhile. */
  private boolean isOver(Connection connection, long id, Oldest oldest, String forUpdate)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT 1 FROM %s WHERE id = ? AND newest < ? %s".formatted(series, forUpdate))) {
      select.setLong(1, id);
      select.setLong(2, oldest.raw());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private void delete(Connection connection, long id) throws SQLException {
    update(connection, "DELETE FROM %s WHERE series = ?".formatted(samples), id);
    update(connection, "DELETE FROM %s WHERE series = ?".formatted(rollUps), id);
    update(connection, "DELETE FROM %s WHERE id = ?".formatted(series), id);
  }

  /** The ids of some series of this namespace. */
  private List<Long> ids(Connection connection, String condition, long... parameters)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM %s WHERE namespace = ? AND %s LIMIT 50".formatted(series, condition))) {
      select.setString(1, namespace);
      for (int i = 0; i < parameters.length; i++) {
        select.setLong(i + 2, parameters[i]);
      }
      List<Long> ids = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      return ids;
    }
  }
}
