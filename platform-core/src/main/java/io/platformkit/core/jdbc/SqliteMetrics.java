package io.platformkit.core.jdbc;

import java.sql.Connection;
import java.util.Collection;

/** Metrics in SQLite, which has one writer at a time and one table for all days. */
final class SqliteMetrics extends MetricSql {
  SqliteMetrics(String namespace, String prefix) {
    super(namespace, prefix);
  }

  @Override
  boolean lacksRoom(Collection<Columns> columns) {
    return false;
  }

  @Override
  void makeRoom(Connection connection, Collection<Columns> columns) {}

  @Override
  void madeRoom(Collection<Columns> columns) {}

  @Override
  void forget() {}

  @Override
  void lockSeries(Connection connection) {}

  @Override
  void dropBefore(Connection connection, long time) {}
}
