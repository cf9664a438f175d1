package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.Aggregation;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SamplesRefusedException;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

/** Raw samples go after a day, their hours stay; what is too late is refused and told. */
public final class RollUps {
  private RollUps() {}

  /** Writes an hour, lets a month pass, and asks for it again. */
  public static void main(String[] args) {
    var now = new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
    InstantSource clock = now::get;
    // @start region="rollups"
    var visits = SeriesKey.of("visits", "page", "home");
    try (var store =
        InMemoryMetricStore.builder().clock(clock).retention(Duration.ofDays(1)).build()) {
      Instant written = now.get();
      long[] times = {written.minusSeconds(1800).toEpochMilli(), written.toEpochMilli() - 1};
      store.write(visits, times, new double[] {40, 2}).join();

      now.set(written.plus(Duration.ofDays(30)));
      var range = MetricQuery.builder("visits", written.minusSeconds(3600), written);
      System.out.println("raw: " + store.query(range.build()));
      var hourly = range.step(Duration.ofHours(1), Aggregation.SUM).build();
      System.out.println("sum of the hour: " + store.query(hourly).getFirst().valueAt(0));

      try {
        store.write(List.of(new Sample(visits, written, 1))).join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof SamplesRefusedException refused) {
          System.out.println(refused.getMessage());
        }
      }
    }
    // @end
  }
}
