package io.platformkit.core.jdbc;

import io.platformkit.core.timeseries.SeriesSource.Oldest;
import java.time.Duration;

/** What a metric store keeps and takes. */
record MetricLimits(
    Duration retention,
    Duration rollUpRetention,
    Duration window,
    Duration maxAhead,
    int maxSeries,
    int maxWaiting) {

  Oldest oldest(long now) {
    return new Oldest(now - retention.toMillis(), now - rollUpRetention.toMillis());
  }
}
