package io.platformkit.core.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.platformkit.core.Json;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Json JSON = Json.builder().maxBytes(64 << 20).build();

  private MetricStore store;
  private HttpEndpoint charts;

  @BeforeEach
  void openStore() {
    store =
        InMemoryMetricStore.builder()
            .retention(Duration.ofDays(400))
            .maxPointsPerSeries(1_000_000)
            .clock(() -> NOW)
            .build();
    charts = Charts.on(store, () -> NOW, new Ticks()::next);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Nested
  class OneSeries {
    @Test
    void rawSamplesOfTheLastQuarterOfAnHourAreTheDefault() throws Exception {
      write(SeriesKey.of("cpu.usage", "host", "web-1"), NOW.minusSeconds(1000), 1, 2, 3);
      write(SeriesKey.of("cpu.usage", "host", "web-1"), NOW.minusSeconds(10), 4, 5.5);

      Map<String, @Nullable Object> answer = get("/timeseries?metric=cpu.usage");

      assertThat(answer)
          .containsEntry("metric", "cpu.usage")
          .containsEntry("labels", Map.of("host", "web-1"))
          .containsEntry("from", "2026-11-21T11:45:00Z")
          .containsEntry("to", "2026-11-21T12:00:00Z")
          .containsEntry("step", null)
          .containsEntry("aggregation", null)
          .containsEntry("raw_count", 2)
          .containsEntry("shown_count", 2)
          .containsEntry("query_ms", 1.5);
      assertThat(points(answer))
          .containsExactly(
              Map.of("timestamp", "2026-11-21T11:59:50Z", "value", 4.0),
              Map.of("timestamp", "2026-11-21T11:59:51Z", "value", 5.5));
    }

    @Test
    void noDataIsAnAnswerWithoutPoints() throws Exception {
      Map<String, @Nullable Object> answer = get("/timeseries?metric=unheard.of");

      assertThat(answer)
          .containsEntry("metric", "unheard.of")
          .containsEntry("labels", Map.of())
          .containsEntry("raw_count", 0)
          .containsEntry("shown_count", 0)
          .containsEntry("points", List.of());
    }

    @Test
    void aKnownSeriesWithoutDataInTheRangeKeepsItsLabels() throws Exception {
      write(SeriesKey.of("cpu.usage", "host", "web-1"), NOW.minusSeconds(3600), 1);

      Map<String, @Nullable Object> answer = get("/timeseries?metric=cpu.usage&preset=5m");

      assertThat(answer)
          .containsEntry("labels", Map.of("host", "web-1"))
          .containsEntry("points", List.of());
    }

    @Test
    void severalMatchingSeriesAreRefusedWithTheLabelsThatTellThemApart() throws Exception {
      for (String core : List.of("0", "1", "total")) {
        write(
            new SeriesKey("cpu.usage", Map.of("host", "web-1", "core", core)),
            NOW.minusSeconds(5),
            1);
      }

      Problem problem = refused("/timeseries?metric=cpu.usage");

      assertThat(problem.detail().orElseThrow())
          .contains("metric was 'cpu.usage'", "not 3", "core (0, 1, total)", "multi-series")
          .doesNotContain("host (");
      assertThat(get("/timeseries?metric=cpu.usage&label.core=1"))
          .containsEntry("labels", Map.of("core", "1", "host", "web-1"));
    }

    @Test
    void aGapIsNull() throws Exception {
      write(SeriesKey.of("load"), NOW.minusSeconds(3), 1, Double.NaN, 3);

      assertThat(points(get("/timeseries?metric=load&preset=5m")))
          .extracting(point -> point.get("value"))
          .containsExactly(1.0, null, 3.0);
    }

    @Test
    void moreSamplesThanPointsAreDownsampledAndBothAreCounted() throws Exception {
      write(
          SeriesKey.of("load"),
          NOW.minusSeconds(10_000),
          IntStream.range(0, 10_000).mapToDouble(i -> Math.sin(i / 50.0)).toArray());

      Map<String, @Nullable Object> answer = get("/timeseries?metric=load&preset=6h&points=100");

      assertThat(answer).containsEntry("raw_count", 10_000).containsEntry("shown_count", 100);
      assertThat(points(answer)).hasSize(100);
      assertThat(get("/timeseries?metric=load&preset=6h")).containsEntry("shown_count", 1920);
    }

    @Test
    void twoPointsAreTheEndsOfTheSeries() throws Exception {
      write(SeriesKey.of("load"), NOW.minusSeconds(5), 1, 2, Double.NaN, 4, 5);
      write(SeriesKey.of("busy"), NOW.minusSeconds(60), ramp(60));

      assertThat(points(get("/timeseries?metric=load&from=0&points=2")))
          .extracting(point -> point.get("timestamp"))
          .startsWith("2026-11-21T11:59:55Z")
          .endsWith("2026-11-21T11:59:59Z");
      assertThat(points(get("/timeseries?metric=busy&from=0&points=2")))
          .extracting(point -> point.get("value"))
          .containsExactly(0.0, 59.0);
    }

    @Test
    void aStepAggregatesByAverageUnlessToldOtherwise() throws Exception {
      write(SeriesKey.of("load"), NOW.minusSeconds(60), ramp(60));

      Map<String, @Nullable Object> average = get("/timeseries?metric=load&preset=1h&step=30s");
      assertThat(average).containsEntry("step", "PT30S").containsEntry("aggregation", "avg");
      assertThat(points(average))
          .containsExactly(
              Map.of("timestamp", "2026-11-21T11:59:00Z", "value", 14.5),
              Map.of("timestamp", "2026-11-21T11:59:30Z", "value", 44.5));

      Map<String, @Nullable Object> largest =
          get("/timeseries?metric=load&preset=1h&step=PT1M&aggregation=max");
      assertThat(largest).containsEntry("step", "PT1M").containsEntry("aggregation", "max");
      assertThat(points(largest)).extracting(point -> point.get("value")).containsExactly(59.0);
    }

    @Test
    void servicesRegionsAndLabelsSelect() throws Exception {
      for (String service : List.of("cart", "search", "mail")) {
        for (String region : List.of("eu", "us")) {
          write(
              new SeriesKey("latency", Map.of("service", service, "region", region, "az", "a b")),
              NOW.minusSeconds(5),
              1);
        }
      }

      assertThat(get("/timeseries?metric=latency&services[]=cart&regions[]=eu&label.az=a+b"))
          .containsEntry("labels", Map.of("service", "cart", "region", "eu", "az", "a b"));
      assertThat(get("/timeseries?metric=latency&services%5B%5D=mail&label.region=us"))
          .containsEntry("labels", Map.of("service", "mail", "region", "us", "az", "a b"));
      assertThat(series(get("/multi-series?metrics=latency&services[]=cart&services[]=mail")))
          .hasSize(4);
      assertThat(series(get("/multi-series?metrics=latency&label.service=none"))).isEmpty();
    }
  }

  @Nested
  class ManySeries {
    @Test
    void everySeriesOfEveryMetricComesWithItsOwnCounts() throws Exception {
      write(SeriesKey.of("network.rx", "interface", "eth0"), NOW.minusSeconds(3), 1, 2, 3);
      write(SeriesKey.of("network.rx", "interface", "eth1"), NOW.minusSeconds(2), 4, 5);
      write(SeriesKey.of("network.tx", "interface", "eth0"), NOW.minusSeconds(1), 6);
      write(SeriesKey.of("load"), NOW.minusSeconds(1), 7);

      Map<String, @Nullable Object> answer =
          get("/multi-series?metrics=network.tx,network.rx&metrics[]=load&preset=5m");

      assertThat(answer)
          .containsEntry("from", "2026-11-21T11:55:00Z")
          .containsEntry("raw_count", 7)
          .containsEntry("shown_count", 7)
          .containsEntry("query_ms", 1.5);
      assertThat(series(answer))
          .extracting(s -> s.get("metric"), s -> s.get("labels"), s -> s.get("raw_count"))
          .containsExactly(
              tuple("network.tx", Map.of("interface", "eth0"), 1),
              tuple("network.rx", Map.of("interface", "eth0"), 3),
              tuple("network.rx", Map.of("interface", "eth1"), 2),
              tuple("load", Map.of(), 1));
      assertThat(points(series(answer).get(2)))
          .containsExactly(
              Map.of("timestamp", "2026-11-21T11:59:58Z", "value", 4.0),
              Map.of("timestamp", "2026-11-21T11:59:59Z", "value", 5.0));
    }

    @Test
    void aMetricThatIsNamedTwiceComesOnce() throws Exception {
      write(SeriesKey.of("load"), NOW.minusSeconds(1), 7);

      assertThat(series(get("/multi-series?metrics=load,load&metrics=load"))).hasSize(1);
    }

    @Test
    void noDataIsAnAnswerWithoutSeries() throws Exception {
      assertThat(get("/multi-series?metrics=a,b,c"))
          .containsEntry("raw_count", 0)
          .containsEntry("series", List.of());
    }

    @Test
    void aPointBudgetOverAllSeriesIsKept() throws Exception {
      writeSeries(150);

      Problem problem = refused("/multi-series?metrics=many&points=1500");

      assertThat(problem.detail().orElseThrow())
          .contains("points was '1500'", "at most 1333 for the 150 series", "200000 points");
      assertThat(series(get("/multi-series?metrics=many&points=1333"))).hasSize(150);
    }

    @Test
    void theDefaultBudgetShrinksWithTheNumberOfSeries() throws Exception {
      writeSeries(Charts.MAX_SERIES);

      assertThat(series(get("/multi-series?metrics=many"))).hasSize(Charts.MAX_SERIES);
    }

    @Test
    void tooManySeriesAreRefused() throws Exception {
      writeSeries(Charts.MAX_SERIES + 1);

      assertThat(refused("/multi-series?metrics=many").detail().orElseThrow())
          .contains("metrics was 'many'", "at most 1000 series, not 1001");
    }

    @Test
    void tooManyMetricsAreRefused() {
      String metrics = String.join(",", IntStream.range(0, 21).mapToObj(i -> "m" + i).toList());

      assertThat(refused("/multi-series?metrics=" + metrics).detail().orElseThrow())
          .contains("metrics was", "at most 20 metrics, not 21");
    }

    private void writeSeries(int count) {
      IntStream.range(0, count)
          .forEach(i -> write(SeriesKey.of("many", "id", "" + i), NOW.minusSeconds(2), 1, 2));
    }
  }

  @Nested
  class Ranges {
    @ParameterizedTest
    @CsvSource({
      "5m,PT5M",
      "15m,PT15M",
      "1h,PT1H",
      "6h,PT6H",
      "24h,P1D",
      "7d,P7D",
      "30d,P30D",
      "90d,P90D",
      "1y,P365D"
    })
    void aPresetLooksBackFromNow(String preset, Duration length) throws Exception {
      assertThat(get("/timeseries?metric=load&preset=" + preset))
          .containsEntry("from", NOW.minus(length).toString())
          .containsEntry("to", NOW.toString());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "timeRange=2026-11-20T00:00:00Z/2026-11-21T00:00:00Z",
          "timeRange=2026-11-20T01:00:00%2B01:00/2026-11-21T00:00:00Z",
          "timeRange=1795132800000/1795219200000",
          "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z",
          "from=1795132800000&to=1795219200000"
        })
    void aRangeIsTwoMoments(String range) throws Exception {
      assertThat(get("/timeseries?metric=load&" + range))
          .containsEntry("from", "2026-11-20T00:00:00Z")
          .containsEntry("to", "2026-11-21T00:00:00Z");
    }

    @Test
    void aRangeWithoutAnEndEndsNow() throws Exception {
      assertThat(get("/timeseries?metric=load&from=0"))
          .containsEntry("from", "1970-01-01T00:00:00Z")
          .containsEntry("to", NOW.toString());
    }

    @Test
    void theEndIsOutsideAndTheStartInside() throws Exception {
      write(SeriesKey.of("load"), NOW.minusSeconds(3), 1, 2, 3);

      Map<String, @Nullable Object> answer =
          get("/timeseries?metric=load&from=2026-11-21T11:59:57Z&to=2026-11-21T11:59:59Z");

      assertThat(points(answer)).extracting(p -> p.get("value")).containsExactly(1.0, 2.0);
    }
  }

  @Nested
  class WhenAParameterIsBad {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        textBlock =
            """
            preset=2h                              | preset was '2h' but it must be one of 5m, 15m
            preset=                                | preset was '' but it must be one of
            preset=1h&preset=5m                    | preset was '1h,5m' but it must be given once
            preset=1h&from=0                       | from was '0' but it cannot be combined with preset
            timeRange=0/1&from=0                   | from was '0' but it cannot be combined with timeRange
            timeRange=yesterday                    | timeRange was 'yesterday' but it must be <from>/<to>
            timeRange=1/2/3                        | timeRange was '1/2/3' but it must be <from>/<to>
            timeRange=a/2                          | timeRange was 'a' but it must be a moment
            timeRange=5/5                          | timeRange was '5/5' but it must start before it ends
            from=noon                              | from was 'noon' but it must be a moment with an offset
            from=2026-11-21T00:00:00               | from was '2026-11-21T00:00:00' but it must be a moment
            from=99999999999999999999              | from was '99999999999999999999' but it must be a moment
            from=9999999999999999                  | from was '9999999999999999' but it must be a moment
            from=2026-11-22T00:00:00Z              | from was '2026-11-22T00:00:00Z' but it must start before
            from=0&to=never                        | to was 'never' but it must be a moment
            to=5                                   | to was '5' but it must come with from
            step=5                                 | step was '5' but it must be a length of time
            step=0s                                | step was '0s' but it must be a length of time
            step=PT0.0015S                         | step was 'PT0.0015S' but it must be whole milliseconds
            step=-5m                               | step was '-5m' but it must be a length of time
            step=1ms&preset=1y                     | step was '1ms' but it must cut the range
            aggregation=avg                        | aggregation was 'avg' but it must come with step
            aggregation=median&step=5m             | aggregation was 'median' but it must be one of avg, min
            aggregation=AVG&step=5m                | aggregation was 'AVG' but it must be one of avg, min
            points=1                               | points was '1' but it must be
            points=100001                          | points was '100001' but it must be
            points=many                            | points was 'many' but it must be
            label.=x                               | label. was 'x' but it must name a label
            metrics=a                              | metrics was 'a' but it is not a parameter of this chart
            prest=1h                               | prest was '1h' but it is not a parameter of this chart
            """)
    void theProblemNamesItItsValueAndTheRule(String query, String detail) {
      Problem problem = refused("/timeseries?metric=load&" + query);

      assertThat(problem.detail().orElseThrow()).startsWith(detail);
      assertThat(problem.extensions()).containsKey("parameter");
    }

    @Test
    void aMissingMetricIsNamed() {
      assertThat(refused("/timeseries").detail())
          .hasValueSatisfying(startsWith("metric was missing"));
      assertThat(refused("/multi-series").detail())
          .hasValueSatisfying(startsWith("metrics was missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/timeseries?metric=", "/multi-series?metrics=a,,b"})
    void aBlankMetricIsRefused(String path) {
      assertThat(refused(path).detail().orElseThrow()).contains("must name a metric");
    }

    @Test
    void whatIsKnownIsListedForATypo() {
      assertThat(refused("/multi-series?metrics=a&preste=1h").detail().orElseThrow())
          .contains("preset", "timeRange", "services[]", "metrics[]", "label.<name>");
    }

    @Test
    void aLongValueIsCutInTheMessage() {
      assertThat(refused("/timeseries?metric=load&preset=" + "x".repeat(5000)).detail())
          .hasValueSatisfying(detail -> assertThat(detail).hasSizeLessThan(400));
    }

    @Test
    void tooManyValuesOfOneLabelAreRefused() {
      String labels = "&label.id=x".repeat(101);

      assertThat(refused("/timeseries?metric=load" + labels).detail().orElseThrow())
          .contains("label.id was", "at most 100 times, not 101");
    }

    @Test
    void tooManyLabelsAreRefused() {
      var labels = new StringBuilder();
      IntStream.range(0, 33).forEach(i -> labels.append("&label.l").append(i).append("=x"));

      assertThat(refused("/timeseries?metric=load" + labels).detail().orElseThrow())
          .contains("must be at most 32");
    }

    private static Consumer<String> startsWith(String start) {
      return detail -> assertThat(detail).startsWith(start);
    }
  }

  private void write(SeriesKey series, Instant start, double... values) {
    long[] times =
        LongStream.range(0, values.length).map(i -> start.toEpochMilli() + i * 1000).toArray();
    store.write(series, times, values).join();
  }

  private static double[] ramp(int length) {
    double[] values = new double[length];
    Arrays.setAll(values, i -> i);
    return values;
  }

  private Map<String, @Nullable Object> get(String path) throws Exception {
    var response = charts.handle(request(path));
    assertThat(response.status()).isEqualTo(200);
    return JSON.decodeObject(response.bytes());
  }

  private Problem refused(String path) {
    ProblemException thrown =
        catchThrowableOfType(ProblemException.class, () -> charts.handle(request(path)));
    assertThat(thrown).as("problem of %s", path).isNotNull();
    assertThat(thrown.problem().status()).isEqualTo(400);
    return thrown.problem();
  }

  private static Request request(String path) {
    String encoded = path.replace("[", "%5B").replace("]", "%5D").replace("<", "%3C");
    return Request.builder("GET", URI.create("http://127.0.0.1" + encoded)).build();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> points(Map<String, ? extends @Nullable Object> answer) {
    return (List<Map<String, Object>>) Objects.requireNonNull(answer.get("points"));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> series(Map<String, ? extends @Nullable Object> answer) {
    return (List<Map<String, Object>>) Objects.requireNonNull(answer.get("series"));
  }

  /** Each reading is 1.5 ms after the one before. */
  private static final class Ticks {
    private long nanos;

    long next() {
      nanos += 1_500_000;
      return nanos;
    }
  }
}
