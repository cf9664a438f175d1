package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.RollUp;
import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.sql.Connection;
import java.sql.SQLException;

/** Deletes what is expired, in portions, so that writers come between. Blocks. */
final class MetricCleaner {
  private static final int MOST_PORTIONS = 100;

  private final Session session;
  private final MetricSql sql;
  private final MetricLimits limits;
  private final MetricWriter writer;

  MetricCleaner(Session session, MetricSql sql, MetricLimits limits, MetricWriter writer) {
    this.session = session;
    this.sql = sql;
    this.limits = limits;
    this.writer = writer;
  }

  private interface Portion {
    /** Whether there may be more. */
    boolean delete(Connection connection) throws SQLException;
  }

  /** Deletes whole hours of samples, roll-ups, and series of which nothing is left. */
  void clean() {
    long now = session.settings().clock().millis();
    Oldest oldest = limits.oldest(now);
    long firstHour = RollUp.startOf(oldest.raw());
    session.write(connection -> {
      long longest = sql.expiry.longestRetention(connection);
      sql.dropBefore(connection, RollUp.startOf(now - longest));
      return true;
    });
    repeat(connection -> sql.expiry.deleteSamples(connection, firstHour));
    repeat(connection -> sql.expiry.deleteRollUps(connection, RollUp.startOf(oldest.rollUps())));
    repeat(
        connection -> sql.expiry.deleteSeries(connection, oldest, session.dialect().forUpdate()));
    writer.forgetSeries();
  }

  private void repeat(Portion portion) {
    for (int i = 0; i < MOST_PORTIONS; i++) {
      if (!session.write(portion::delete)) {
        return;
      }
    }
  }
}
