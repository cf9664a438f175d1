package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SampleReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/**
 * The statements of a metric store: those about samples, as most databases have them, and where the
 * others are, which are the same on all.
 */
abstract sealed class MetricSql permits PostgreSqlMetrics, SqliteMetrics {
  final MetricTables tables;
  final SeriesTable series;
  final RollUpTable rollUps;
  final MetricExpiry expiry;

  MetricSql(String namespace, String prefix) {
    this.tables = MetricTables.of(namespace, prefix);
    this.series = new SeriesTable(tables);
    this.rollUps = new RollUpTable(tables);
    this.expiry = new MetricExpiry(tables);
  }

  /** Writes the samples of all batches, over what is there. */
  void writeSamples(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (series, at, value) VALUES (?, ?, ?) ON CONFLICT (series, at) DO UPDATE SET value = excluded.value"
                .formatted(tables.samples()))) {
      for (SeriesBatch batch : batches) {
        for (int i = 0; i < batch.size(); i++) {
          insert.setLong(1, batch.id());
          insert.setLong(2, batch.timeOf(i));
          insert.setDouble(3, batch.valueOf(i));
          insert.addBatch();
          if (i % MetricTables.PORTION == MetricTables.PORTION - 1) {
            insert.executeBatch();
          }
        }
        insert.executeBatch();
      }
    }
  }

  /** Brings roll-ups up to date with the samples that were written. */
  void rollUp(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    rollUps.add(connection, batches);
    for (SeriesBatch batch : batches) {
      for (long hour : batch.lateHours()) {
        rollUpAnew(connection, batch.id(), hour);
      }
    }
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
    rollUps.replace(connection, id, hour);
  }

  /** Hands over the samples of {@code [from, to)} in order. */
  void readSamples(Connection connection, long id, long from, long to, SampleReader reader)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT at, value FROM %s WHERE series = ? AND at >= ? AND at < ? ORDER BY at"
                .formatted(tables.samples()))) {
      select.setFetchSize(MetricTables.PORTION);
      MetricTables.bindRange(select, id, from, to);
      long[] times = new long[MetricTables.PORTION];
      double[] values = new double[MetricTables.PORTION];
      int size = 0;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          if (size == MetricTables.PORTION) {
            reader.read(times, values, 0, size);
            size = 0;
          }
          times[size] = rows.getLong(1);
          values[size++] = MetricTables.valueAt(rows, 2);
        }
      }
      reader.read(times, values, 0, size);
    }
  }

  /** The newest value of {@code [from, to)} that is not NaN; NaN if there is none. */
  double lastOf(Connection connection, long id, long from, long to) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT value FROM %s WHERE series = ? AND at >= ? AND at < ? AND value IS NOT NULL AND value <> 'NaN' ORDER BY at DESC LIMIT 1"
                .formatted(tables.samples()))) {
      MetricTables.bindRange(select, id, from, to);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getDouble(1) : Double.NaN;
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
}
