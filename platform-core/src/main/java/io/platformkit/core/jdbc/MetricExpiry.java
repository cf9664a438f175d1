package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How long namespaces keep samples, and the removal of what is expired. */
final class MetricExpiry {
  private final MetricTables tables;

  MetricExpiry(MetricTables tables) {
    this.tables = tables;
  }

  /** Says how long this namespace keeps samples, for those who share its tables. */
  void register(Connection connection, long retention) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (namespace, millis) VALUES (?, ?) ON CONFLICT (namespace) DO UPDATE SET millis = excluded.millis"
                .formatted(tables.retentions()))) {
      insert.setString(1, tables.namespace());
      insert.setLong(2, retention);
      insert.executeUpdate();
    }
  }

  /** The longest that any namespace keeps samples, in milliseconds. */
  long longestRetention(Connection connection) throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement(
                "SELECT max(millis) FROM %s".formatted(tables.retentions()));
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
            "EXISTS (SELECT 1 FROM %s WHERE series = id AND at < ?)".formatted(tables.samples()),
            before);
    for (long id : ids) {
      MetricTables.update(
          connection,
          "DELETE FROM %1$s WHERE series = ? AND at IN (SELECT at FROM %1$s WHERE series = ? AND at < ? ORDER BY at LIMIT %2$d)"
              .formatted(tables.samples(), MetricTables.PORTION),
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
            "EXISTS (SELECT 1 FROM %s WHERE series = id AND hour < ?)".formatted(tables.rollUps()),
            before);
    for (long id : ids) {
      MetricTables.update(
          connection,
          "DELETE FROM %s WHERE series = ? AND hour < ?".formatted(tables.rollUps()),
          id,
          before);
    }
    return !ids.isEmpty();
  }

  /** Deletes some of the series of which nothing is left. */
  boolean deleteSeries(Connection connection, Oldest oldest, String forUpdate) throws SQLException {
    List<Long> ids =
        ids(
            connection,
            "newest < ? AND NOT EXISTS (SELECT 1 FROM %s WHERE series = id AND hour >= ?)"
                .formatted(tables.rollUps()),
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
            "SELECT 1 FROM %s WHERE id = ? AND newest < ? %s"
                .formatted(tables.series(), forUpdate))) {
      select.setLong(1, id);
      select.setLong(2, oldest.raw());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private void delete(Connection connection, long id) throws SQLException {
    MetricTables.update(
        connection, "DELETE FROM %s WHERE series = ?".formatted(tables.samples()), id);
    MetricTables.update(
        connection, "DELETE FROM %s WHERE series = ?".formatted(tables.rollUps()), id);
    MetricTables.update(connection, "DELETE FROM %s WHERE id = ?".formatted(tables.series()), id);
  }

  /** The ids of some series of this namespace. */
  private List<Long> ids(Connection connection, String condition, long... parameters)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id FROM %s WHERE namespace = ? AND %s LIMIT 50"
                .formatted(tables.series(), condition))) {
      select.setString(1, tables.namespace());
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
