package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.Aggregation;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

/** A day of latencies in the embedded store: a quantile by step, and a line for a small chart. */
public final class Quickstart {
  private static final int SECONDS_OF_A_DAY = 86_400;

  private Quickstart() {}

  /** Writes 86,400 samples, asks twice and prints the answers. */
  public static void main(String[] args) {
    Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS);
    Instant from = to.minus(Duration.ofDays(1));
    long[] times =
        LongStream.range(0, SECONDS_OF_A_DAY).map(s -> from.toEpochMilli() + 1000 * s).toArray();
    double[] millis = latencies();

    // @start region="quickstart"
    try (var store = InMemoryMetricStore.create()) {
      var checkout = SeriesKey.of("http.latency", "service", "checkout");
      store.write(checkout, times, millis).join(); // a day, one sample a second

      var slowest =
          MetricQuery.builder("http.latency", from, to)
              .label("service", "checkout")
              .step(Duration.ofHours(4), Aggregation.P95)
              .build();
      for (Series series : store.query(slowest)) {
        for (int i = 0; i < series.size(); i++) {
          System.out.printf("%s  p95 %5.1f ms%n", series.instantAt(i), series.valueAt(i));
        }
      }

      var chart = MetricQuery.builder("http.latency", from, to).maxPoints(200).build();
      Series line = store.query(chart).getFirst(); // raw samples, picked by LTTB
      double peak = Arrays.stream(line.values()).max().orElseThrow();
      System.out.printf("%d of %d points, peak %.0f ms%n", line.size(), line.rawCount(), peak);
    }
    // @end
  }

  /** 20 to 60 ms, slower in the third quarter of the day, and one second of trouble. */
  private static double[] latencies() {
    Random random = new Random(7);
    double[] millis = new double[SECONDS_OF_A_DAY];
    for (int s = 0; s < millis.length; s++) {
      boolean busy = s / (SECONDS_OF_A_DAY / 4) == 2;
      millis[s] = (busy ? 45 : 20) + 15 * random.nextDouble();
    }
    millis[50_000] = 2500;
    return millis;
  }
}
