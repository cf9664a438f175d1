package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics in PostgreSQL: arrays instead of batches, and a partition for each day. */
final class PostgreSqlMetrics extends MetricSql {
  private static final long DAY = 86_400_000;

  /** Days whose partitions are there, as far as this process knows. */
  private final Set<Long> days = ConcurrentHashMap.newKeySet();

  PostgreSqlMetrics(String namespace, String prefix) {
    super(namespace, prefix);
  }

  @Override
  boolean lacksRoom(Collection<Columns> columns) {
    return !days.containsAll(daysOf(columns));
  }

  private static Set<Long> daysOf(Collection<Columns> columns) {
    Set<Long> days = new TreeSet<>();
    long last = Long.MIN_VALUE;
    for (Columns column : columns) {
      for (long time : column.times()) {
        long day = Math.floorDiv(time, DAY);
        if (day != last) {
          days.add(day);
          last = day;
        }
      }
    }
    return days;
  }

  @Override
  void makeRoom(Connection connection, Collection<Columns> columns) throws SQLException {
    lock(connection, tables.samples());
    Set<Long> missing = daysOf(columns);
    missing.removeAll(days);
    try (Statement create = connection.createStatement()) {
      for (long day : missing) {
        create.execute(
            "CREATE TABLE IF NOT EXISTS %s PARTITION OF %s FOR VALUES FROM (%d) TO (%d)"
                .formatted(partition(day), tables.samples(), day * DAY, (day + 1) * DAY));
      }
    }
  }

  /** The partitions are there: their transaction is done. */
  @Override
  void madeRoom(Collection<Columns> columns) {
    days.addAll(daysOf(columns));
  }

  @Override
  void forget() {
    days.clear();
  }

  @Override
  void lockSeries(Connection connection) throws SQLException {
    lock(connection, tables.series());
  }

  /** Until the end of the transaction, so that no two nodes do the same. */
  private static void lock(Connection connection, String table) throws SQLException {
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
      lock.setString(1, table);
      lock.execute();
    }
  }

  private String partition(long day) {
    return tables.samples() + (day < 0 ? "_m" + -day : "_" + day);
  }

  @Override
  void writeSamples(Connection connection, Collection<SeriesBatch> batches) throws SQLException {
    int size = batches.stream().mapToInt(SeriesBatch::size).sum();
    long[] ids = new long[size];
    long[] times = new long[size];
    double[] values = new double[size];
    int next = 0;
    for (SeriesBatch batch : batches) {
      for (int i = 0; i < batch.size(); i++) {
        ids[next] = batch.id();
        times[next] = batch.timeOf(i);
        values[next++] = batch.valueOf(i);
      }
    }
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO %s (series, at, value)
            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::float8[])
            ON CONFLICT (series, at) DO UPDATE SET value = excluded.value
            """
                .formatted(tables.samples()))) {
      insert.setObject(1, ids);
      insert.setObject(2, times);
      insert.setObject(3, values);
      insert.executeUpdate();
    }
  }

  /** Drops the partitions whose days end at or before the time. */
  @Override
  void dropBefore(Connection connection, long before) throws SQLException {
    lock(connection, tables.samples());
    for (long day : partitionedDays(connection)) {
      if ((day + 1) * DAY <= before) {
        try (Statement drop = connection.createStatement()) {
          drop.execute("DROP TABLE IF EXISTS " + partition(day));
        }
        days.remove(day);
      }
    }
  }

  private List<Long> partitionedDays(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = to_regclass(?)")) {
      select.setString(1, tables.samples());
      List<Long> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(
              Long.parseLong(
                  rows.getString(1).substring(tables.samples().length() + 1).replace('m', '-')));
        }
      }
      return found;
    }
  }
}
