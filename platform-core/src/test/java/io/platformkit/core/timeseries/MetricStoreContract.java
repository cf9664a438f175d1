package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What all {@link MetricStore}s promise. An adapter's author extends it, makes an empty store, and
 * drops in an {@code @AfterEach} what the adapter created outside of the process:
 *
 * <pre>{@code
 * class PostgresMetricStoreTest extends MetricStoreContract {
 *   @Override protected MetricStore newStore(SettableClock clock, Options options) {
 *     return PostgresMetricStore.builder(emptyDatabase()).clock(clock)
 *         .retention(options.retention()).maxSeries(options.maxSeries()) // and so on
 *         .build();
 *   }
 * }
 * }</pre>
 *
 * <p>A store on a server, or in a file, has {@link MetricStoreServerContract} to pass as well.
 *
 * <p>Random operations are compared with a model, seed after seed; a failure names its seed, and
 * {@code -Dmetricstore.seed=…} runs that one alone.
 */
@Timeout(120)
public abstract class MetricStoreContract {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  /** What the clock shows at first: a full hour. */
  private static final Instant NOW = SettableClock.START;

  /** A full hour in the past, that samples count from. */
  private static final Instant START = NOW.minus(Duration.ofHours(8));

  private static final SeriesKey CPU = SeriesKey.of("cpu");
  private static final SeriesKey WEB_1 = SeriesKey.of("cpu", "host", "web-1");
  private static final SeriesKey WEB_2 = SeriesKey.of("cpu", "host", "web-2");
  private static final SeriesKey DB_1 =
      new SeriesKey("cpu", Map.of("host", "db-1", "zone", "north"));

  private final SettableClock clock = SettableClock.at(NOW);
  private final List<MetricStore> opened = new ArrayList<>();

  /** For subclasses. */
  protected MetricStoreContract() {}

  /** An empty store that tells the time by the clock. */
  protected abstract MetricStore newStore(SettableClock clock, Options options);

  /**
   * What a test asks of a store.
   *
   * @param retention how long raw samples are kept
   * @param rollUpRetention how long hourly roll-ups are kept
   * @param outOfOrderWindow how far behind its series' newest sample one may be
   * @param maxAhead how far in the future one may be
   * @param maxSeries most series of all metrics together
   */
  public record Options(
      Duration retention,
      Duration rollUpRetention,
      Duration outOfOrderWindow,
      Duration maxAhead,
      int maxSeries) {
    static final Options DEFAULTS =
        new Options(DAY.multipliedBy(2), DAY.multipliedBy(30), MINUTE, DAY, 100);

    Options retention(Duration other) {
      return new Options(other, rollUpRetention, outOfOrderWindow, maxAhead, maxSeries);
    }

    Options outOfOrderWindow(Duration other) {
      return new Options(retention, rollUpRetention, other, maxAhead, maxSeries);
    }

    Options maxSeries(int other) {
      return new Options(retention, rollUpRetention, outOfOrderWindow, maxAhead, other);
    }
  }

  private MetricStore open() {
    return open(Options.DEFAULTS);
  }

  private MetricStore open(Options options) {
    return open(clock, options);
  }

  private MetricStore open(SettableClock itsClock, Options options) {
    MetricStore store = newStore(itsClock, options);
    opened.add(store);
    return store;
  }

  @AfterEach
  void closeStores() {
    opened.forEach(MetricStore::close);
  }

  /** One point of an answer. */
  private record Point(long at, double value) {}

  /** A point so many milliseconds after the start. */
  private static Point point(long millis, double value) {
    return new Point(START.toEpochMilli() + millis, value);
  }

  private static Point gap(long millis) {
    return point(millis, Double.NaN);
  }

  private static List<Point> points(Series series) {
    return IntStream.range(0, series.size())
        .mapToObj(i -> new Point(series.timeAt(i), series.valueAt(i)))
        .toList();
  }

  private static Instant at(long millis) {
    return START.plusMillis(millis);
  }

  private static Sample sample(SeriesKey key, long millis, double value) {
    return new Sample(key, at(millis), value);
  }

  /** Times and values in turn. */
  private static void write(MetricStore store, SeriesKey key, double... timesAndValues) {
    columns(store, key, timesAndValues).join();
  }

  private static CompletableFuture<Void> columns(
      MetricStore store, SeriesKey key, double... timesAndValues) {
    int size = timesAndValues.length / 2;
    long[] times =
        IntStream.range(0, size)
            .mapToLong(i -> START.toEpochMilli() + (long) timesAndValues[2 * i])
            .toArray();
    double[] values =
        IntStream.range(0, size).mapToDouble(i -> timesAndValues[2 * i + 1]).toArray();
    return store.write(key, times, values);
  }

  /** Of everything that a test writes about one metric. */
  private static MetricQuery.Builder all(String metric) {
    return MetricQuery.builder(metric, NOW.minus(DAY), NOW.plus(DAY));
  }

  private static MetricQuery.Builder between(long fromMillis, long toMillis) {
    return MetricQuery.builder("cpu", at(fromMillis), at(toMillis));
  }

  /** The points of the only series. */
  private static List<Point> ask(MetricStore store, MetricQuery.Builder query) {
    List<Series> answer = store.query(query.build());
    assertThat(answer).hasSizeLessThanOrEqualTo(1);
    return answer.isEmpty() ? List.of() : points(answer.getFirst());
  }

  private static List<SeriesKey> keys(List<Series> answer) {
    return answer.stream().map(Series::key).toList();
  }

  private static SamplesRefusedException refusal(CompletableFuture<Void> written) {
    try {
      written.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SamplesRefusedException refused) {
        return refused;
      }
      throw e;
    }
    throw new AssertionError("the write was expected to be refused in part, but was not");
  }

  @Nested
  class Writing {
    @Test
    void anAcknowledgedSampleIsSeen() {
      MetricStore store = open();

      store.write(List.of(sample(CPU, 0, 1.5))).join();

      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 1.5));
    }

    @Test
    void acknowledgedColumnsAreSeen() {
      MetricStore store = open();

      write(store, CPU, 0, 1.5, 1, -0.25, 1_000, 1e300);

      assertThat(ask(store, all("cpu")))
          .containsExactly(point(0, 1.5), point(1, -0.25), point(1_000, 1e300));
    }

    @Test
    void nothingCanBeWritten() {
      MetricStore store = open();

      store.write(List.of()).join();
      store.write(CPU, new long[0], new double[0]).join();

      assertThat(store.metrics()).isEmpty();
      assertThat(store.query(all("cpu").build())).isEmpty();
    }

    @Test
    void oneCallWritesManySeries() {
      MetricStore store = open();

      store.write(List.of(sample(WEB_2, 0, 2), sample(WEB_1, 0, 1), sample(WEB_2, 5, 3))).join();

      List<Series> answer = store.query(all("cpu").build());
      assertThat(keys(answer)).containsExactly(WEB_1, WEB_2);
      assertThat(points(answer.get(0))).containsExactly(point(0, 1));
      assertThat(points(answer.get(1))).containsExactly(point(0, 2), point(5, 3));
    }

    @Test
    void columnsAreCopied() {
      MetricStore store = open();
      long[] times = {START.toEpochMilli()};
      double[] values = {1};
      CompletableFuture<Void> written = store.write(CPU, times, values);
      written.join();

      times[0]++;
      values[0]++;

      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 1));
    }

    @Test
    void theLastValueOfAMillisecondWins() {
      MetricStore store = open();

      store.write(List.of(sample(CPU, 0, 1), sample(CPU, 0, 2))).join();
      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 2));

      store.write(List.of(sample(CPU, 0, 3))).join();
      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 3));
    }

    @Test
    void theLastValueWinsAcrossBothWaysToWrite() {
      MetricStore store = open();

      store.write(List.of(sample(CPU, 0, 1), sample(CPU, 1, 1))).join();
      write(store, CPU, 0, 2, 1, 2, 2, 2);
      store.write(List.of(sample(CPU, 1, 3))).join();

      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 2), point(1, 3), point(2, 2));
    }

    @Test
    void whatIsFinerThanAMillisecondIsCutOff() {
      MetricStore store = open();

      store.write(List.of(new Sample(CPU, at(7).plusNanos(999_999), 1))).join();

      assertThat(ask(store, all("cpu"))).containsExactly(point(7, 1));
    }

    @Test
    void samplesMayComeOutOfOrderWithinTheWindow() {
      MetricStore store = open(Options.DEFAULTS.outOfOrderWindow(MINUTE));

      write(store, CPU, 60_000, 4);
      store.write(List.of(sample(CPU, 30_000, 2), sample(CPU, 0, 1))).join();
      write(store, CPU, 29_999, 1.5, 45_000, 3, 60_001, 5);

      assertThat(ask(store, all("cpu")))
          .containsExactly(
              point(0, 1),
              point(29_999, 1.5),
              point(30_000, 2),
              point(45_000, 3),
              point(60_000, 4),
              point(60_001, 5));
    }

    @Test
    void samplesFurtherBehindThanTheWindowAreRefusedAndTheOthersStored() {
      MetricStore store = open(Options.DEFAULTS.outOfOrderWindow(MINUTE));
      write(store, WEB_1, 61_000, 1);

      SamplesRefusedException refused =
          refusal(
              store.write(
                  List.of(
                      sample(WEB_1, 999, 2),
                      sample(WEB_2, 999, 3),
                      sample(WEB_1, 1_000, 4),
                      sample(WEB_1, 998, 5))));

      assertThat(refused.refused()).isEqualTo(2);
      assertThat(refused).hasMessageContaining(WEB_1.toString()).hasMessageContaining("PT1M");
      List<Series> answer = store.query(all("cpu").build());
      assertThat(points(answer.get(0))).containsExactly(point(1_000, 4), point(61_000, 1));
      assertThat(points(answer.get(1))).containsExactly(point(999, 3));
    }

    @Test
    void columnsFurtherBehindThanTheWindowAreRefusedAndTheOthersStored() {
      MetricStore store = open(Options.DEFAULTS.outOfOrderWindow(MINUTE));
      write(store, CPU, 61_000, 1);

      SamplesRefusedException refused =
          refusal(columns(store, CPU, 0, 2, 999, 3, 1_000, 4, 62_000, 5));

      assertThat(refused.refused()).isEqualTo(2);
      assertThat(refused).hasMessageContaining(CPU.toString()).hasMessageContaining("PT1M");
      assertThat(ask(store, all("cpu")))
          .containsExactly(point(1_000, 4), point(61_000, 1), point(62_000, 5));
    }

    @Test
    void samplesOlderThanTheRetentionAreRefusedAndTheOthersStored() {
      MetricStore store = open(Options.DEFAULTS.retention(HOUR));
      long oldest = NOW.minus(HOUR).toEpochMilli();

      SamplesRefusedException refused =
          refusal(store.write(CPU, new long[] {oldest - 1, oldest}, new double[] {1, 2}));

      assertThat(refused.refused()).isEqualTo(1);
      assertThat(refused).hasMessageContaining(CPU.toString()).hasMessageContaining("PT1H");
      assertThat(ask(store, all("cpu"))).containsExactly(new Point(oldest, 2));
    }

    @Test
    void samplesFurtherInTheFutureAreRefusedAndTheOthersStored() {
      MetricStore store = open(Options.DEFAULTS);
      long newest = NOW.plus(DAY).toEpochMilli();

      SamplesRefusedException refused =
          refusal(store.write(CPU, new long[] {newest, newest + 1}, new double[] {1, 2}));

      assertThat(refused.refused()).isEqualTo(1);
      assertThat(refused).hasMessageContaining(CPU.toString()).hasMessageContaining("PT24H");
      assertThat(refusal(store.write(List.of(new Sample(WEB_1, NOW.plus(DAY).plusMillis(1), 3)))))
          .hasMessageContaining(WEB_1.toString());
      assertThat(store.series("cpu")).containsExactly(CPU);
    }

    @Test
    void theNumberOfSeriesIsBoundedAndTold() {
      MetricStore store = open(Options.DEFAULTS.maxSeries(2));
      write(store, WEB_1, 0, 1);
      write(store, SeriesKey.of("memory"), 0, 2);

      SamplesRefusedException refused =
          refusal(
              store.write(List.of(sample(WEB_2, 0, 3), sample(WEB_1, 1, 4), sample(WEB_2, 1, 5))));

      assertThat(refused.refused()).isEqualTo(2);
      assertThat(refused)
          .hasMessageContaining(WEB_2.toString())
          .hasMessageContaining("maxSeries")
          .hasMessageContaining("2");
      assertThat(refusal(columns(store, DB_1, 0, 1, 1, 2, 2, 3)).refused()).isEqualTo(3);
      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 1), point(1, 4));
      assertThat(store.series("cpu")).containsExactly(WEB_1);
    }

    @Test
    void refusedSamplesMakeNoSeries() {
      MetricStore store = open(Options.DEFAULTS.retention(HOUR).maxSeries(1));

      refusal(columns(store, WEB_1, 0, 1));

      assertThat(store.metrics()).isEmpty();
      store.write(List.of(new Sample(WEB_2, NOW, 1))).join();
      assertThat(store.series("cpu")).containsExactly(WEB_2);
    }

    @Test
    void columnsMustBeOfOneLength() {
      MetricStore store = open();

      assertThatIllegalArgumentException()
          .isThrownBy(() -> store.write(CPU, new long[] {1, 2}, new double[3]))
          .withMessageContaining("values")
          .withMessageContaining("3")
          .withMessageContaining("times")
          .withMessageContaining("2");
    }

    @ParameterizedTest
    @CsvSource({"5", "4"})
    void timesOfColumnsMustIncrease(long time) {
      MetricStore store = open();
      long start = START.toEpochMilli();

      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              store.write(CPU, new long[] {start, start + 5, start + time}, new double[] {1, 2, 3}))
          .withMessageContaining("times[2]")
          .withMessageContaining(String.valueOf(start + time))
          .withMessageContaining("times[1]");
      assertThat(store.query(all("cpu").build())).isEmpty();
    }

    @Test
    void timesOfColumnsMustBeDates() {
      MetricStore store = open();

      assertThatIllegalArgumentException()
          .isThrownBy(() ->
              store.write(CPU, new long[] {START.toEpochMilli(), Long.MAX_VALUE}, new double[2]))
          .withMessageContaining("times[1]")
          .withMessageContaining(String.valueOf(Long.MAX_VALUE));
      assertThat(store.query(all("cpu").build())).isEmpty();
    }
  }

  @Nested
  class AskingForSamples {
    @Test
    void theRangeIsHalfOpen() {
      MetricStore store = open();
      write(store, CPU, 9, 1, 10, 2, 19, 3, 20, 4);

      assertThat(ask(store, between(10, 20))).containsExactly(point(10, 2), point(19, 3));
    }

    @Test
    void aRangeWithoutSamplesGivesNoSeries() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 100, 2);

      assertThat(store.query(between(1, 100).build())).isEmpty();
      assertThat(store.query(all("memory").build())).isEmpty();
    }

    @Test
    void nanSamplesAreGaps() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 10, Double.NaN, 20, 3);

      assertThat(ask(store, all("cpu"))).containsExactly(point(0, 1), gap(10), point(20, 3));
    }

    @Test
    void aNanCanBeReplacedAndReplace() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 10, Double.NaN);

      write(store, CPU, 0, Double.NaN, 10, 2);

      assertThat(ask(store, all("cpu"))).containsExactly(gap(0), point(10, 2));
    }

    @Test
    void rawCountTellsHowManySamplesThereAre() {
      MetricStore store = open();
      writeRandomWalk(store, 1_000);

      Series series = store.query(between(100, 600).maxPoints(10).build()).getFirst();

      assertThat(series.rawCount()).isEqualTo(500);
      assertThat(series.size()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "100", "999"})
    void overTheBudgetSomeSamplesAreSelected(int budget) {
      MetricStore store = open();
      Map<Long, Double> written = writeRandomWalk(store, 1_000);

      List<Point> shown = ask(store, all("cpu").maxPoints(budget));

      assertThat(shown).hasSize(budget);
      assertThat(shown.getFirst().at()).isEqualTo(at(0).toEpochMilli());
      assertThat(shown.getLast().at()).isEqualTo(at(999).toEpochMilli());
      assertThat(shown).extracting(Point::at).isSorted().doesNotHaveDuplicates();
      assertThat(shown)
          .allSatisfy(point -> assertThat(written).containsEntry(point.at(), point.value()));
    }

    @ParameterizedTest
    @CsvSource({"1000", "5000"})
    void withinTheBudgetAllSamplesAreShown(int budget) {
      MetricStore store = open();
      writeRandomWalk(store, 1_000);

      assertThat(ask(store, all("cpu").maxPoints(budget))).hasSize(1_000);
    }

    @Test
    void overTheBudgetTheLargestTrianglesAreSelected() {
      MetricStore store = open();
      long[] times = LongStream.range(0, 5_000).map(i -> at(0).toEpochMilli() + i).toArray();
      double[] values = new double[5_000];
      values[1_234] = 100;
      values[4_321] = -100;
      store.write(CPU, times, values).join();

      assertThat(ask(store, all("cpu").maxPoints(50)))
          .hasSize(50)
          .contains(point(1_234, 100), point(4_321, -100));
    }

    @Test
    void aGapStaysAGapOverTheBudget() {
      MetricStore store = open();
      writeRandomWalk(store, 500);
      write(store, CPU, 500, Double.NaN, 501, Double.NaN, 502, 1);
      write(
          store,
          CPU,
          IntStream.range(503, 1_000)
              .boxed()
              .flatMapToDouble(i -> DoubleStream.of(i, i % 7))
              .toArray());

      List<Point> shown = ask(store, all("cpu").maxPoints(40));

      assertThat(shown).hasSize(40).contains(point(502, 1)).contains(gap(500));
      assertThat(shown).filteredOn(point -> Double.isNaN(point.value())).hasSize(1);
    }

    private Map<Long, Double> writeRandomWalk(MetricStore store, int size) {
      Random random = new Random(7);
      Map<Long, Double> written = new HashMap<>();
      long[] times = LongStream.range(0, size).map(i -> at(i).toEpochMilli()).toArray();
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        values[i] = (i == 0 ? 0 : values[i - 1]) + random.nextGaussian();
        written.put(times[i], values[i]);
      }
      store.write(CPU, times, values).join();
      return written;
    }

    @Test
    void rawSamplesAreForgottenAfterTheRetention() {
      MetricStore store = open(Options.DEFAULTS.retention(DAY));
      write(store, CPU, 0, 1, 60_000, 2);

      clock.set(at(60_000).plus(DAY));
      assertThat(ask(store, between(0, 120_000))).containsExactly(point(60_000, 2));

      clock.advance(Duration.ofMillis(1));
      assertThat(store.query(between(0, 120_000).build())).isEmpty();
    }

    @Test
    void timesBeforeTheEpochWork() {
      SettableClock early = SettableClock.at(Instant.parse("1970-01-01T00:00:10Z"));
      MetricStore store = open(early, Options.DEFAULTS);

      store.write(CPU, new long[] {-61_000, -60_000, -1, 0}, new double[] {1, 2, 3, 4}).join();

      Instant from = Instant.parse("1969-12-31T00:00:00Z");
      Instant to = Instant.parse("1970-01-01T01:00:00Z");
      assertThat(ask(store, MetricQuery.builder("cpu", from, to)))
          .containsExactly(
              new Point(-61_000, 1), new Point(-60_000, 2), new Point(-1, 3), new Point(0, 4));
      assertThat(ask(store, MetricQuery.builder("cpu", from, to).step(MINUTE, Aggregation.SUM)))
          .containsExactly(new Point(-120_000, 1), new Point(-60_000, 5), new Point(0, 4));
      assertThat(ask(store, MetricQuery.builder("cpu", from, to).step(HOUR, Aggregation.COUNT)))
          .containsExactly(new Point(-3_600_000, 3), new Point(0, 1));
    }
  }

  @Nested
  class ChoosingSeries {
    private MetricStore store() {
      MetricStore store = open();
      write(store, WEB_2, 0, 2);
      write(store, DB_1, 0, 3);
      write(store, CPU, 0, 4);
      write(store, WEB_1, 0, 1);
      write(store, SeriesKey.of("memory", "host", "web-1"), 0, 5);
      return store;
    }

    @Test
    void allSeriesOfTheMetricAreAnsweredInOrderOfTheirKeys() {
      assertThat(keys(store().query(all("cpu").build())))
          .containsExactly(CPU, DB_1, WEB_1, WEB_2)
          .isSorted();
    }

    @Test
    void aLabelChoosesSeriesByItsValue() {
      assertThat(keys(store().query(all("cpu").label("host", "web-2").build())))
          .containsExactly(WEB_2);
    }

    @Test
    void aLabelChoosesSeriesByOneOfSeveralValues() {
      MetricQuery query = all("cpu").label("host", List.of("web-1", "db-1", "web-9")).build();

      assertThat(keys(store().query(query))).containsExactly(DB_1, WEB_1);
    }

    @Test
    void allLabelsMustMatch() {
      MetricStore store = store();

      assertThat(keys(store.query(all("cpu").label("host", "db-1").label("zone", "north").build())))
          .containsExactly(DB_1);
      assertThat(store.query(all("cpu").label("host", "web-1").label("zone", "north").build()))
          .isEmpty();
    }

    @Test
    void aSeriesWithoutTheLabelDoesNotMatch() {
      assertThat(keys(store().query(all("cpu").label("zone", List.of("north", "")).build())))
          .containsExactly(DB_1);
    }

    @Test
    void seriesWhoseLabelsPrintAlikeAreTwo() {
      SeriesKey one = SeriesKey.of("odd", "a", "b, c=d");
      SeriesKey other = new SeriesKey("odd", Map.of("a", "b", "c", "d"));
      MetricStore store = open();
      write(store, one, 0, 1);
      write(store, other, 0, 2);

      assertThat(store.series("odd")).containsExactly(other, one);
      assertThat(ask(store, all("odd").label("c", "d"))).containsExactly(point(0, 2));
    }

    @Test
    void metricsAreListedInOrder() {
      assertThat(store().metrics()).containsExactly("cpu", "memory");
    }

    @Test
    void theSeriesOfAMetricAreListedInOrder() {
      MetricStore store = store();

      assertThat(store.series("cpu")).containsExactly(CPU, DB_1, WEB_1, WEB_2);
      assertThat(store.series("disk")).isEmpty();
    }
  }

  @Nested
  class AskingInSteps {
    @ParameterizedTest
    @CsvSource({
      "AVG, 2.5",
      "MIN, 1",
      "MAX, 4",
      "SUM, 10",
      "COUNT, 4",
      "FIRST, 4",
      "LAST, 2",
      "P50, 2.5",
      "P95, 3.85",
      "P99, 3.97",
      // 4 → 1 and 3 → 2 are restarts: 1 + 2 + 2 in a minute
      "RATE, 0.083333333333",
    })
    void theSamplesOfAStepBecomeOneValue(Aggregation aggregation, double value) {
      MetricStore store = open();
      write(store, CPU, 0, 4, 10_000, 1, 20_000, 3, 50_000, 2);

      List<Point> answer = ask(store, between(0, 60_000).step(MINUTE, aggregation));

      assertThat(answer).hasSize(1);
      assertThat(answer.getFirst().at()).isEqualTo(START.toEpochMilli());
      assertThat(answer.getFirst().value()).isCloseTo(value, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource
    void nanSamplesCountForNothing(Aggregation aggregation) {
      MetricStore without = open();
      write(without, CPU, 1, 4, 10_000, 1, 50_000, 2, 60_000, 7);
      MetricStore with = open();
      write(
          with,
          CPU,
          0,
          Double.NaN,
          1,
          4,
          10_000,
          1,
          10_001,
          Double.NaN,
          50_000,
          2,
          59_999,
          Double.NaN,
          60_000,
          7,
          60_001,
          Double.NaN);
      MetricQuery query = between(0, 120_000).step(MINUTE, aggregation).build();

      Series answer = with.query(query).getFirst();

      assertThat(points(answer)).isEqualTo(points(without.query(query).getFirst()));
      assertThat(answer.rawCount()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aSingleSampleIsAStep(Aggregation aggregation) {
      MetricStore store = open();
      write(store, CPU, 90_000, 6);
      double value =
          switch (aggregation) {
            case COUNT -> 1;
            case RATE -> 0;
            default -> 6;
          };

      assertThat(ask(store, all("cpu").step(MINUTE, aggregation)))
          .containsExactly(point(60_000, value));
    }

    @Test
    void stepsAreAlignedToTheEpochAndHalfOpen() {
      MetricStore store = open();
      write(store, CPU, 59_999, 1, 60_000, 2, 119_999, 4, 120_000, 8);

      assertThat(ask(store, between(30_000, 180_000).step(MINUTE, Aggregation.SUM)))
          .containsExactly(point(0, 1), point(60_000, 6), point(120_000, 8));
    }

    @Test
    void onlySamplesOfTheRangeCount() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 30_000, 2, 60_000, 4, 89_999, 8, 90_000, 16);

      assertThat(ask(store, between(30_000, 90_000).step(MINUTE, Aggregation.SUM)))
          .containsExactly(point(0, 2), point(60_000, 12));
    }

    @Test
    void stepsThatDoNotDivideAnHourAreAlignedToTheEpochToo() {
      MetricStore store = open();
      Duration step = Duration.ofMillis(7_001);
      long start = Math.floorDiv(START.toEpochMilli(), 7_001L) * 7_001L;
      write(store, CPU, 0, 1);
      store.write(CPU, new long[] {start + 7_000, start + 7_001}, new double[] {2, 4}).join();

      assertThat(ask(store, all("cpu").step(step, Aggregation.SUM)))
          .containsExactly(new Point(start, 3), new Point(start + 7_001, 4));
    }

    @Test
    void emptyStepsInBetweenAreOneGap() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 60_000, 2, 300_000, 3, 420_000, 4);

      assertThat(ask(store, between(-300_000, 900_000).step(MINUTE, Aggregation.LAST)))
          .containsExactly(
              point(0, 1),
              point(60_000, 2),
              gap(120_000),
              point(300_000, 3),
              gap(360_000),
              point(420_000, 4));
    }

    @Test
    void aStepOfNanSamplesAloneIsEmpty() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 60_000, Double.NaN, 120_000, 2);
      write(store, WEB_1, 0, Double.NaN);

      assertThat(ask(store, all("cpu").step(MINUTE, Aggregation.COUNT)))
          .containsExactly(point(0, 1), gap(60_000), point(120_000, 1));
    }

    @Test
    void theRateCountsFromTheSampleBeforeTheStep() {
      MetricStore store = open();
      write(store, CPU, 0, 100, 59_000, 160, 61_000, 190, 119_000, 220, 300_000, 250);

      assertThat(ask(store, between(0, 360_000).step(MINUTE, Aggregation.RATE)))
          .containsExactly(point(0, 1), point(60_000, 1), gap(120_000), point(300_000, 0.5));
    }

    @Test
    void theRateCountsFromBeforeTheRangeToo() {
      MetricStore store = open();
      write(store, CPU, 0, 100, 59_000, 160, 59_500, Double.NaN, 61_000, 190, 300_000, 250);

      assertThat(ask(store, between(60_000, 120_000).step(MINUTE, Aggregation.RATE)))
          .containsExactly(point(60_000, 0.5));
      assertThat(ask(store, between(240_000, 360_000).step(MINUTE, Aggregation.RATE)))
          .containsExactly(point(300_000, 1));
    }

    @Test
    void aFallingCounterHasStartedAgain() {
      MetricStore store = open();
      write(store, CPU, 0, 1_000, 59_000, 1_060, 61_000, 30, 90_000, 90);

      assertThat(ask(store, between(0, 120_000).step(MINUTE, Aggregation.RATE)))
          .containsExactly(point(0, 1), point(60_000, 1.5));
    }

    @ParameterizedTest
    @CsvSource({"AVG", "P95", "RATE"})
    void overTheBudgetSomeStepsAreSelected(Aggregation aggregation) {
      MetricStore store = open();
      Random random = new Random(3);
      long[] times = LongStream.range(0, 4_000).map(i -> at(i * 500).toEpochMilli()).toArray();
      store.write(CPU, times, random.doubles(4_000).toArray()).join();
      List<Point> all = ask(store, all("cpu").step(SECOND, aggregation).maxPoints(2_000));

      Series answer =
          store.query(all("cpu").step(SECOND, aggregation).maxPoints(50).build()).getFirst();

      assertThat(all).hasSize(2_000);
      assertThat(points(answer))
          .hasSize(50)
          .isSubsetOf(all)
          .contains(all.getFirst(), all.getLast());
      assertThat(answer.rawCount()).isEqualTo(4_000);
    }

    @Test
    void rawCountIsOfTheRange() {
      MetricStore store = open();
      write(store, CPU, 0, 1, 1_000, 2, 60_000, 3, 61_000, 4, 119_000, 5);

      Series answer =
          store.query(between(1_000, 119_000).step(MINUTE, Aggregation.MAX).build()).getFirst();

      assertThat(answer.rawCount()).isEqualTo(3);
    }
  }

  @Nested
  class AskingForHours {
    /** Values of which every sum is exact. */
    private static final double[] VALUES = {3, -1.5, 8, 0.25, 4, 4, -7, 2.5};

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    /** Three hours with a sample each ten minutes, the middle hour left out. */
    private void writeHours(MetricStore store) {
      double[] timesAndValues = new double[24];
      for (int i = 0; i < 12; i++) {
        int slot = i < 6 ? i : i + 6;
        timesAndValues[2 * i] = slot * TEN_MINUTES.toMillis();
        timesAndValues[2 * i + 1] = VALUES[slot % VALUES.length];
      }
      write(store, CPU, timesAndValues);
    }

    private double[] valuesOf(int fromSlot) {
      return IntStream.range(fromSlot, fromSlot + 6)
          .mapToDouble(slot -> VALUES[slot % VALUES.length])
          .toArray();
    }

    private double aggregate(Aggregation aggregation, double... values) {
      DoubleStream stream = Arrays.stream(values);
      return switch (aggregation) {
        case AVG -> stream.sum() / values.length;
        case MIN -> stream.min().orElseThrow();
        case MAX -> stream.max().orElseThrow();
        case SUM -> stream.sum();
        case COUNT -> values.length;
        case FIRST -> values[0];
        case LAST -> values[values.length - 1];
        case P50, P95, P99, RATE -> throw new AssertionError(aggregation + " is not rolled up");
      };
    }

    private static MetricQuery.Builder hours(long from, long to) {
      return between(from * HOUR.toMillis(), to * HOUR.toMillis());
    }

    private static List<Aggregation> rolledUp() {
      return Arrays.stream(Aggregation.values()).filter(Aggregation::onRollUps).toList();
    }

    @ParameterizedTest
    @MethodSource("rolledUp")
    void rollUpsReachBackFurtherThanRawSamples(Aggregation aggregation) {
      MetricStore store = open(Options.DEFAULTS.retention(DAY));
      writeHours(store);

      clock.advance(Duration.ofDays(10));
      store.write(List.of(new Sample(CPU, clock.instant(), 1))).join();

      assertThat(store.query(hours(0, 3).build())).isEmpty();
      assertThat(ask(store, hours(0, 3).step(HOUR, aggregation)))
          .containsExactly(
              point(0, aggregate(aggregation, valuesOf(0))),
              gap(HOUR.toMillis()),
              point(2 * HOUR.toMillis(), aggregate(aggregation, valuesOf(12))));
    }

    @ParameterizedTest
    @MethodSource("rolledUp")
    void stepsMayBeOfSeveralHours(Aggregation aggregation) {
      MetricStore store = open(Options.DEFAULTS.retention(DAY));
      writeHours(store);
      clock.advance(Duration.ofDays(10));
      double[] all =
          DoubleStream.concat(Arrays.stream(valuesOf(0)), Arrays.stream(valuesOf(12))).toArray();

      Instant day = START.truncatedTo(ChronoUnit.DAYS);
      assertThat(ask(store, MetricQuery.builder("cpu", day, day.plus(DAY)).step(DAY, aggregation)))
          .containsExactly(new Point(day.toEpochMilli(), aggregate(aggregation, all)));
    }

    @ParameterizedTest
    @CsvSource({"P50", "P99", "RATE"})
    void whatNeedsRawSamplesReachesBackNoFurther(Aggregation aggregation) {
      MetricStore store = open(Options.DEFAULTS.retention(DAY));
      writeHours(store);

      clock.advance(Duration.ofDays(10));

      assertThat(store.query(hours(0, 3).step(HOUR, aggregation).build())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rolledUp")
    void lateAndReplacedSamplesCountInRollUps(Aggregation aggregation) {
      MetricStore store = open(Options.DEFAULTS.retention(DAY).outOfOrderWindow(HOUR));
      write(store, CPU, 60_000, 50, 120_000, -100, 180_000, 7, 240_000, 100);
      write(store, CPU, 0, 2, 120_000, 3, 240_000, Double.NaN);
      store.write(List.of(sample(CPU, 180_000, 4.5), sample(CPU, 60_000, 1))).join();
      double expected = aggregate(aggregation, 2, 1, 3, 4.5);

      assertThat(ask(store, hours(0, 1).step(HOUR, aggregation)))
          .containsExactly(point(0, expected));
      clock.advance(Duration.ofDays(10));
      assertThat(ask(store, hours(0, 1).step(HOUR, aggregation)))
          .containsExactly(point(0, expected));
    }

    @Test
    void aReplacedSampleLeavesWhatIsForgottenOfItsHourInTheRollUp() {
      MetricStore store = open(Options.DEFAULTS.retention(HOUR));
      clock.set(at(30 * 60_000));
      write(store, CPU, 0, 1, 10 * 60_000, 2, 30 * 60_000, 4);
      clock.set(at(75 * 60_000));

      write(store, CPU, 30 * 60_000, 8);

      clock.set(at(130 * 60_000));
      assertThat(ask(store, hours(0, 2).step(HOUR, Aggregation.SUM))).containsExactly(point(0, 11));
      assertThat(ask(store, hours(0, 2).step(HOUR, Aggregation.COUNT)))
          .containsExactly(point(0, 3));
    }

    @ParameterizedTest
    @MethodSource("rolledUp")
    void hoursThatTheRangeCutsAreAnsweredFromRawSamples(Aggregation aggregation) {
      MetricStore store = open();
      writeHours(store);

      MetricQuery.Builder query =
          between(3 * TEN_MINUTES.toMillis(), 15 * TEN_MINUTES.toMillis()).step(HOUR, aggregation);

      assertThat(ask(store, query))
          .containsExactly(
              point(0, aggregate(aggregation, Arrays.copyOfRange(valuesOf(0), 3, 6))),
              gap(HOUR.toMillis()),
              point(
                  2 * HOUR.toMillis(),
                  aggregate(aggregation, Arrays.copyOfRange(valuesOf(12), 0, 3))));
    }

    @Test
    void aRangeWithinAnHourIsAnsweredFromRawSamples() {
      MetricStore store = open();
      writeHours(store);

      assertThat(
              ask(
                  store,
                  between(TEN_MINUTES.toMillis(), 3 * TEN_MINUTES.toMillis())
                      .step(HOUR, Aggregation.SUM)))
          .containsExactly(point(0, -1.5 + 8));
    }

    @Test
    void rawCountIsExactOnRollUps() {
      MetricStore store = open(Options.DEFAULTS.retention(DAY));
      writeHours(store);
      clock.advance(Duration.ofDays(10));

      Series answer = store.query(hours(0, 3).step(HOUR, Aggregation.AVG).build()).getFirst();

      assertThat(answer.rawCount()).isEqualTo(12);
    }

    @Test
    void rollUpsAreForgottenAfterTheirRetention() {
      MetricStore store = open();
      writeHours(store);

      clock.set(at(3 * HOUR.toMillis()).plus(Options.DEFAULTS.rollUpRetention()));

      assertThat(store.query(hours(0, 3).step(HOUR, Aggregation.COUNT).build())).isEmpty();
    }
  }

  @Nested
  class Closing {
    @Test
    void aClosedStoreRefusesEverything() {
      MetricStore store = open();
      write(store, CPU, 0, 1);

      store.close();

      assertThatIllegalStateException().isThrownBy(() -> store.write(List.of(sample(CPU, 1, 1))));
      assertThatIllegalStateException().isThrownBy(() -> columns(store, CPU, 1, 1));
      assertThatIllegalStateException().isThrownBy(() -> store.query(all("cpu").build()));
      assertThatIllegalStateException().isThrownBy(() -> store.series("cpu"));
      assertThatIllegalStateException().isThrownBy(store::metrics);
    }

    @Test
    void aStoreCanBeClosedAgain() {
      MetricStore store = open();

      store.close();
      store.close();

      assertThatIllegalStateException().isThrownBy(store::metrics);
    }
  }

  @Nested
  class FromManyThreads {
    private static final int THREADS = 8;
    private static final int WRITES = 200;

    @Test
    void writersOfOneSeriesLoseNothing() throws Exception {
      MetricStore store = open(Options.DEFAULTS.outOfOrderWindow(DAY));

      together(thread -> {
        for (int i = 0; i < WRITES; i++) {
          store.write(List.of(sample(CPU, (long) i * THREADS + thread, thread))).join();
        }
      });

      List<Point> answer = ask(store, all("cpu").maxPoints(THREADS * WRITES));
      assertThat(answer)
          .isEqualTo(
              IntStream.range(0, THREADS * WRITES).mapToObj(i -> point(i, i % THREADS)).toList());
      assertThat(ask(store, all("cpu").step(HOUR, Aggregation.COUNT)))
          .containsExactly(point(0, THREADS * WRITES));
    }

    @Test
    void writersOfDifferentSeriesLoseNothing() throws Exception {
      MetricStore store = open();

      together(thread -> {
        SeriesKey own = SeriesKey.of("cpu", "host", "h" + thread);
        for (int i = 0; i < WRITES; i++) {
          columns(store, own, 3 * i, 1, 3 * i + 1, 2).join();
        }
      });

      assertThat(store.query(all("cpu").build()))
          .hasSize(THREADS)
          .allSatisfy(series -> assertThat(series.rawCount()).isEqualTo(2 * WRITES));
    }

    @Test
    void writersOfNewSeriesStayWithinTheBound() throws Exception {
      MetricStore store = open(Options.DEFAULTS.maxSeries(20));

      together(thread -> {
        for (int i = 0; i < 10; i++) {
          SeriesKey key = SeriesKey.of("cpu", "host", "h" + (thread % 4) + "-" + i);
          columns(store, key, 0, 1).exceptionally(refused -> null).join();
        }
      });

      assertThat(store.series("cpu")).hasSize(20);
    }

    private interface Work {
      void run(int thread);
    }

    private void together(Work work) throws Exception {
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          int thread = i;
          all.add(() -> {
            work.run(thread);
            return true;
          });
        }
        for (Future<Boolean> done : threads.invokeAll(all)) {
          assertThat(done.get()).isTrue();
        }
      }
    }
  }

  private static LongStream seeds() {
    Long only = Long.getLong("metricstore.seed");
    return only != null ? LongStream.of(only) : LongStream.range(0, 40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomOperationsAgreeWithAModel(long seed) {
    SettableClock itsClock = SettableClock.at(NOW);
    Options options =
        new Options(HOUR.multipliedBy(5), DAY.multipliedBy(30), MINUTE.multipliedBy(2), DAY, 4);
    MetricStoreModel model = new MetricStoreModel(itsClock, options);
    new RandomOperations(seed, itsClock, model, open(itsClock, options)).run(150);
  }
}
