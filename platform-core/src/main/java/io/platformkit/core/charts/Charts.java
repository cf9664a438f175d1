package io.platformkit.core.charts;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chart endpoints of a store, to be mounted at {@code /api/v1/charts}: {@code GET /timeseries}
 * answers with one series, {@code GET /multi-series} with all series of up to {@value #MAX_METRICS}
 * metrics. Safe for concurrent use.
 *
 * <p>Both take the range as {@code preset} (5m, 15m, 1h, 6h, 24h, 7d, 30d, 90d, 1y), {@code
 * timeRange=<from>/<to>}, or {@code from} and {@code to} (default: the last 15 minutes); labels as
 * {@code services[]}, {@code regions[]} and {@code label.<name>}, each repeatable; {@code step}
 * with {@code aggregation} (default avg), without them raw samples; and {@code points}, the budget
 * of each series, met by LTTB. Whatever is unknown or breaks a rule is a 400 that says so.
 */
public final class Charts {
  /** Most metrics of one question. */
  public static final int MAX_METRICS = 20;

  /** Most series of one answer. */
  public static final int MAX_SERIES = 1000;

  /** Most points of one answer, over all its series. */
  public static final int MAX_TOTAL_POINTS = 200_000;

  private static final int MAX_SHOWN_VALUES = 8;

  private final MetricStore store;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  private Charts(MetricStore store, InstantSource clock, LongSupplier nanoTime) {
    this.store = Objects.requireNonNull(store, "store");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.nanoTime = nanoTime;
  }

  /**
   * The charts of a store, which stays open.
   *
   * @param clock says where ranges end that are relative to now
   */
  public static HttpEndpoint on(MetricStore store, InstantSource clock) {
    return on(store, clock, System::nanoTime);
  }

  static HttpEndpoint on(MetricStore store, InstantSource clock, LongSupplier nanoTime) {
    var charts = new Charts(store, clock, nanoTime);
    return Routes.builder()
        .get("/timeseries", charts::timeseries)
        .get("/multi-series", charts::multiSeries)
        .build();
  }

  private Response timeseries(Request http) {
    Parameters.check(http, with(ChartRequest.ONCE, "metric"), ChartRequest.REPEATABLE);
    String name = Parameters.required(http, "metric", "must name the metric of the chart");
    String metric = ChartRequest.metric("metric", name);
    ChartRequest request = ChartRequest.of(http, now());
    MetricQuery query =
        request.query(metric, request.points().orElse(MetricQuery.DEFAULT_MAX_POINTS));
    SeriesKey key = onlyOne(metric, matching(query));
    long start = nanoTime.getAsLong();
    List<Series> found = store.query(query);
    return ChartAnswer.timeseries(request, key, found, nanoTime.getAsLong() - start);
  }

  private Response multiSeries(Request http) {
    Parameters.check(http, ChartRequest.ONCE, with(ChartRequest.REPEATABLE, "metrics"));
    Set<String> metrics = metrics(http);
    ChartRequest request = ChartRequest.of(http, now());
    int points = pointsOfEach(request, metrics);
    List<Series> found = new ArrayList<>();
    long start = nanoTime.getAsLong();
    metrics.forEach(metric -> found.addAll(store.query(request.query(metric, points))));
    return ChartAnswer.multiSeries(request, found, nanoTime.getAsLong() - start);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static Set<String> with(Set<String> names, String name) {
    Set<String> all = new TreeSet<>(names);
    all.add(name);
    return all;
  }

  private static Set<String> metrics(Request http) {
    Parameters.required(http, "metrics", "must name the metrics of the chart");
    Set<String> metrics =
        http.queryAll("metrics").stream()
            .flatMap(list -> Stream.of(list.split(",", -1)))
            .map(name -> ChartRequest.metric("metrics", name))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    if (metrics.size() > MAX_METRICS) {
      throw Parameters.refused(
          "metrics",
          String.join(",", metrics),
          "must name at most %d metrics, not %d".formatted(MAX_METRICS, metrics.size()));
    }
    return metrics;
  }

  private List<SeriesKey> matching(MetricQuery query) {
    return store.series(query.metric()).stream().filter(query::matches).toList();
  }

  private static SeriesKey onlyOne(String metric, List<SeriesKey> matching) {
    if (matching.size() > 1) {
      throw Parameters.refused(
          "metric",
          metric,
          ("must select one series here, not %d; they differ in %s; add label.<name>=<value>, or"
                  + " ask multi-series for all of them")
              .formatted(matching.size(), differences(matching)));
    }
    return matching.isEmpty() ? SeriesKey.of(metric) : matching.getFirst();
  }

  /** The labels that tell series apart, each with some of its values. */
  private static String differences(List<SeriesKey> keys) {
    return keys.stream()
        .flatMap(key -> key.labels().keySet().stream())
        .distinct()
        .sorted()
        .filter(label -> keys.stream().map(key -> key.labels().get(label)).distinct().count() > 1)
        .map(label -> label + " (" + someValues(label, keys) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String someValues(String label, List<SeriesKey> keys) {
    List<String> values =
        keys.stream().map(key -> key.labels().getOrDefault(label, "none")).distinct().toList();
    String shown = values.stream().limit(MAX_SHOWN_VALUES).collect(Collectors.joining(", "));
    return values.size() > MAX_SHOWN_VALUES ? shown + ", …" : shown;
  }

  /** The point budget of each series, such that all together stay within the limit. */
  private int pointsOfEach(ChartRequest request, Set<String> metrics) {
    int series =
        metrics.stream().mapToInt(metric -> matching(request.query(metric, 2)).size()).sum();
    if (series > MAX_SERIES) {
      throw Parameters.refused(
          "metrics",
          String.join(",", metrics),
          "must select at most %d series, not %d; select fewer by label.<name>"
              .formatted(MAX_SERIES, series));
    }
    int fair = MAX_TOTAL_POINTS / Math.max(1, series);
    int asked = request.points().orElse(Math.min(fair, MetricQuery.DEFAULT_MAX_POINTS));
    if (asked > fair) {
      throw Parameters.refused(
          "points",
          Integer.toString(asked),
          "must be at most %d for the %d series that match: an answer has at most %d points"
              .formatted(fair, series, MAX_TOTAL_POINTS));
    }
    return asked;
  }
}
