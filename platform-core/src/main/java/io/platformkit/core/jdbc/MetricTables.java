package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The tables of a metric store, and what statements on all of them share. */
record MetricTables(
    String namespace, String series, String samples, String rollUps, String retentions) {
  /** Rows that are read or written at once. */
  static final int PORTION = 4096;

  static MetricTables of(String namespace, String prefix) {
    String metric = prefix + "_metric_";
    return new MetricTables(
        namespace, metric + "series", metric + "samples", metric + "rollups", metric + "retention");
  }

  static int update(Connection connection, String sql, long... parameters) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        update.setLong(i + 1, parameters[i]);
      }
      return update.executeUpdate();
    }
  }

  static void bindRange(PreparedStatement select, long id, long from, long to) throws SQLException {
    select.setLong(1, id);
    select.setLong(2, from);
    select.setLong(3, to);
  }

  /** SQLite keeps NaN as NULL. */
  static double valueAt(ResultSet rows, int column) throws SQLException {
    double value = rows.getDouble(column);
    return rows.wasNull() ? Double.NaN : value;
  }
}
