package io.platformkit.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.charts.Charts;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Routes;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;

/** A store behind chart endpoints; called here without any server, as a test may. */
public final class ChartsOverHttp {
  private ChartsOverHttp() {}

  /** Asks for one series and prints the answer. */
  public static void main(String[] args) throws Exception {
    // @start region="charts"
    InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));
    try (var store = InMemoryMetricStore.builder().clock(clock).build()) {
      long noon = clock.millis();
      long[] times = {noon - 3000, noon - 2000, noon - 1000};
      double[] values = {0.25, Double.NaN, 0.75}; // nothing was measured at the second one
      store.write(SeriesKey.of("cpu.usage", "host", "web-1"), times, values).join();

      var routes = Routes.builder().mount("/api/v1/charts", Charts.on(store, clock)).build();
      var question =
          URI.create("http://localhost/api/v1/charts/timeseries?metric=cpu.usage&preset=5m");
      var answer = routes.handle(Request.builder("GET", question).build());
      System.out.println(new String(answer.bytes(), UTF_8));
    }
    // @end
  }
}
