package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.function.Consumer;

/** Hours of series: what is known of them without their samples. */
final class RollUpTable {
  private final MetricTables tables;

  RollUpTable(MetricTables tables) {
    this.tables = tables;
  }

  /** Adds what is newer than all before. */
  void add(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    String merge =
        insert()
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
  }

  private String insert() {
    return """
    INSERT INTO %s AS r
      (series, hour, count, sum, min, max, first, first_at, last, last_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (series, hour) DO UPDATE SET
    """
        .formatted(tables.rollUps());
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

  /** Puts an hour in the place of what was known of it; nothing if it is empty. */
  void replace(Connection connection, long id, RollUp hour) throws SQLException {
    MetricTables.update(
        connection,
        "DELETE FROM %s WHERE series = ? AND hour = ?".formatted(tables.rollUps()),
        id,
        hour.start());
    if (hour.count() > 0) {
      try (PreparedStatement insert =
          connection.prepareStatement(insert() + "count = excluded.count")) {
        bind(insert, id, hour);
        insert.executeBatch();
      }
    }
  }

  /** Hands over the roll-ups of the hours that begin in {@code [from, to)} in order. */
  void read(Connection connection, long id, long from, long to, Consumer<RollUp> reader)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT hour, count, sum, min, max, first, first_at, last, last_at
            FROM %s WHERE series = ? AND hour >= ? AND hour < ? ORDER BY hour
            """
                .formatted(tables.rollUps()))) {
      select.setFetchSize(MetricTables.PORTION);
      MetricTables.bindRange(select, id, from, to);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          reader.accept(
              RollUp.of(
                  rows.getLong(1),
                  rows.getLong(2),
                  MetricTables.valueAt(rows, 3),
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
}
