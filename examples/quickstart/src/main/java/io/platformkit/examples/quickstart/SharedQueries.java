package io.platformkit.examples.quickstart;

import io.platformkit.core.SystemTimers;
import io.platformkit.core.timeseries.CachedMetricStore;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Answers about the past are asked of the store once a minute, however many look. */
public final class SharedQueries {
  private SharedQueries() {}

  /** Asks the same twice, before and after a late sample. */
  public static void main(String[] args) {
    // @start region="cached"
    InstantSource clock = InstantSource.system();
    try (var timers = SystemTimers.create();
        var store = InMemoryMetricStore.create();
        var cached = CachedMetricStore.over(store, clock, timers)) {
      var load = SeriesKey.of("load");
      Instant then = clock.instant().minus(Duration.ofHours(3));
      cached.write(List.of(new Sample(load, then, 0.5))).join();

      var past = MetricQuery.builder("load", then, then.plus(Duration.ofHours(1))).build();
      System.out.println(cached.query(past).getFirst().size()); // asks the store
      cached.write(List.of(new Sample(load, then.plusSeconds(1), 0.7))).join();
      System.out.println(cached.query(past).getFirst().size()); // the same answer for a minute
    }
    // @end
  }
}
