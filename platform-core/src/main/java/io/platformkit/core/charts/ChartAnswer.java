package io.platformkit.core.charts;

import io.platformkit.core.Json;
import io.platformkit.core.http.Response;
import io.platformkit.core.timeseries.Aggregation;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The documents that charts are answered with. */
final class ChartAnswer {
  /** Room for the point budget, at some 80 bytes a point, and the labels of all series. */
  private static final Json JSON = Json.builder().maxBytes(64 << 20).build();

  private ChartAnswer() {}

  /** One series; none if nothing matched. */
  static Response timeseries(
      ChartRequest request, SeriesKey key, List<Series> found, long queryNanos) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("metric", key.metric());
    document.put("labels", key.labels());
    putQuestion(document, request);
    putCounts(document, found);
    document.put("query_ms", millis(queryNanos));
    document.put("points", found.isEmpty() ? List.of() : new Points(found.getFirst()));
    return toResponse(document);
  }

  /** All series of all metrics. */
  static Response multiSeries(ChartRequest request, List<Series> found, long queryNanos) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    putQuestion(document, request);
    putCounts(document, found);
    document.put("query_ms", millis(queryNanos));
    document.put("series", found.stream().map(ChartAnswer::series).toList());
    return toResponse(document);
  }

  private static Map<String, @Nullable Object> series(Series series) {
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("metric", series.key().metric());
    document.put("labels", series.key().labels());
    putCounts(document, List.of(series));
    document.put("points", new Points(series));
    return document;
  }

  private static void putQuestion(Map<String, @Nullable Object> document, ChartRequest request) {
    boolean raw = request.step().isEmpty();
    Aggregation aggregation = request.aggregation();
    document.put("from", request.range().from());
    document.put("to", request.range().to());
    document.put("step", request.step().map(Duration::toString).orElse(null));
    document.put("aggregation", raw ? null : ChartRequest.wordFor(aggregation));
  }

  private static void putCounts(Map<String, @Nullable Object> document, List<Series> found) {
    document.put("raw_count", found.stream().mapToLong(Series::rawCount).sum());
    document.put("shown_count", found.stream().mapToLong(Series::size).sum());
  }

  private static double millis(long nanos) {
    return Math.round(nanos / 1e3) / 1e3;
  }

  private static Response toResponse(Map<String, @Nullable Object> document) {
    return Response.ok(JSON.encode(document), "application/json")
        .withHeader("Cache-Control", "no-store");
  }

  /** A point; a value that is not finite is written as null, a gap. */
  record Point(Instant timestamp, double value) {}

  /** The points of a series, made while they are written. */
  private static final class Points extends AbstractList<Point> {
    private final Series series;

    Points(Series series) {
      this.series = series;
    }

    @Override
    public Point get(int index) {
      return new Point(series.instantAt(index), series.valueAt(index));
    }

    @Override
    public int size() {
      return series.size();
    }
  }
}
