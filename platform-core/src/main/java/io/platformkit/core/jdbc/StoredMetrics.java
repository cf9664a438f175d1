package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SampleReader;
import io.platformkit.core.timeseries.SeriesSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The rows of one series, read on one connection. */
final class StoredMetrics implements SeriesSource {
  private final MetricSql sql;
  private final Connection connection;
  private final long id;

  StoredMetrics(MetricSql sql, Connection connection, long id) {
    this.sql = sql;
    this.connection = connection;
    this.id = id;
  }

  /** Carries a failure of the database through code that knows of none. */
  private static final class Wrapped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    Wrapped(SQLException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private interface Reading {
    void run() throws SQLException;
  }

  private static void wrap(Reading reading) {
    try {
      reading.run();
    } catch (SQLException e) {
      throw new Wrapped(e);
    }
  }

  /** Runs what reads this, and throws a failure of the database as it was. */
  <T> T unwrap(Supplier<T> reading) throws SQLException {
    try {
      return reading.get();
    } catch (Wrapped e) {
      throw e.failure;
    }
  }

  @Override
  public void samples(long from, long to, SampleReader reader) {
    wrap(() -> sql.readSamples(connection, id, from, to, reader));
  }

  @Override
  public void rollUps(long from, long to, Consumer<RollUp> reader) {
    wrap(() -> sql.rollUps.read(connection, id, from, to, reader));
  }

  @Override
  public double lastOf(long from, long to) {
    double[] last = new double[1];
    wrap(() -> last[0] = sql.lastOf(connection, id, from, to));
    return last[0];
  }
}
