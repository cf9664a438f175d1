package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryMetricStoreTest extends MetricStoreContract {
  private static final SeriesKey CPU = SeriesKey.of("cpu");
  private static final SeriesKey MEMORY = SeriesKey.of("memory");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final SettableClock clock = SettableClock.create();

  @Override
  protected MetricStore newStore(SettableClock itsClock, Options options) {
    return InMemoryMetricStore.builder()
        .clock(itsClock)
        .retention(options.retention())
        .rollUpRetention(options.rollUpRetention())
        .outOfOrderWindow(options.outOfOrderWindow())
        .maxAhead(options.maxAhead())
        .maxSeries(options.maxSeries())
        .build();
  }

  private InMemoryMetricStore.Builder builder() {
    return InMemoryMetricStore.builder().clock(clock);
  }

  /** Samples of value 1, one a millisecond. */
  private static void write(MetricStore store, SeriesKey key, Instant from, int count) {
    long[] times = LongStream.range(0, count).map(i -> from.toEpochMilli() + i).toArray();
    store.write(key, times, IntStream.range(0, count).mapToDouble(i -> 1).toArray()).join();
  }

  private List<Series> samples(MetricStore store) {
    return store.query(
        MetricQuery.builder("cpu", clock.instant().minus(HOUR), clock.instant().plus(HOUR))
            .build());
  }

  private double hourly(MetricStore store, Aggregation aggregation) {
    Instant hour = SettableClock.START;
    return store
        .query(MetricQuery.builder("cpu", hour, hour.plus(HOUR)).step(HOUR, aggregation).build())
        .getFirst()
        .valueAt(0);
  }

  @Nested
  class WithABoundOfPoints {
    private final MetricStore store = builder().maxPointsPerSeries(100).build();

    @Test
    void theOldestGoFirst() {
      write(store, CPU, clock.instant(), 250);

      Series series = samples(store).getFirst();

      assertThat(series.rawCount()).isEqualTo(100);
      assertThat(series.instantAt(0)).isEqualTo(clock.instant().plusMillis(150));
    }

    @Test
    void rollUpsKeepCounting() {
      write(store, CPU, clock.instant(), 250);

      assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(250);
      assertThat(hourly(store, Aggregation.SUM)).isEqualTo(250);
    }

    @Test
    void aReplacedSampleLeavesInTheRollUpWhatIsGone() {
      write(store, CPU, clock.instant(), 250);

      store.write(List.of(new Sample(CPU, clock.instant().plusMillis(200), 11))).join();

      assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(250);
      assertThat(hourly(store, Aggregation.SUM)).isEqualTo(260);
      write(store, CPU, clock.instant().plusMillis(250), 250);
      assertThat(hourly(store, Aggregation.SUM)).isEqualTo(510);
    }

    @Test
    void replacedSamplesThatAreGoneCountAsTheyWereLast() {
      Instant start = clock.instant();
      write(store, CPU, start, 100);
      store.write(List.of(new Sample(CPU, start.plusMillis(20), 11))).join();
      store.write(List.of(new Sample(CPU, start.plusMillis(30), Double.NaN))).join();

      write(store, CPU, start.plusMillis(100), 25);
      assertThat(hourly(store, Aggregation.SUM)).isEqualTo(125 + 10 - 1);

      write(store, CPU, start.plus(HOUR), 150);
      assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(124);
      assertThat(hourly(store, Aggregation.SUM)).isEqualTo(125 + 10 - 1);
      assertThat(hourly(store, Aggregation.MAX)).isEqualTo(11);
    }

    @Test
    void aFullSeriesOfWhichSamplesAreReplacedAllTheTimeIsCheap() {
      MetricStore large = builder().maxPointsPerSeries(200_000).build();
      write(large, CPU, clock.instant(), 200_000);

      for (int i = 200_000; i < 210_000; i++) {
        write(large, CPU, clock.instant().plusMillis(i - 1), 2);
      }

      assertThat(hourly(large, Aggregation.COUNT)).isEqualTo(210_000);
    }

    @Test
    void aSampleThatIsGoneCannotBeWrittenAgain() {
      write(store, CPU, clock.instant(), 250);

      assertThat(store.write(List.of(new Sample(CPU, clock.instant().plusMillis(149), 1))))
          .isCompletedExceptionally();

      assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(250);
    }

    @Test
    void aSampleOlderThanAllOfAFullSeriesIsRefused() {
      store
          .write(
              CPU,
              LongStream.range(0, 100).map(i -> clock.millis() + 10 + i).toArray(),
              new double[100])
          .join();

      assertThat(store.write(List.of(new Sample(CPU, clock.instant(), 1))))
          .isCompletedExceptionally();

      assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(100);
    }
  }

  @Test
  void allWrongOptionsAreToldAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            builder()
                .retention(Duration.ZERO)
                .rollUpRetention(Duration.ofDays(-1))
                .outOfOrderWindow(Duration.ofSeconds(-1))
                .maxPointsPerSeries(0)
                .maxSeries(-3)
                .build())
        .withMessageContaining("retention was 'PT0S'")
        .withMessageContaining("rollUpRetention was 'PT-24H'")
        .withMessageContaining("outOfOrderWindow was 'PT-1S'")
        .withMessageContaining("maxPointsPerSeries was '0'")
        .withMessageContaining("maxSeries was '-3'");
  }

  @Test
  void rollUpsAreKeptNoShorterThanSamples() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().retention(DAY).rollUpRetention(HOUR).build())
        .withMessage("rollUpRetention was 'PT1H' but it must be at least the retention, PT24H");
  }

  @Test
  void spansBeyondAllTimesAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().outOfOrderWindow(ChronoUnit.FOREVER.getDuration()).build())
        .withMessageContaining("outOfOrderWindow was")
        .withMessageContaining("but it must be from PT0S to");
  }

  @Test
  void refusedSamplesAreCountedByReason() {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    MetricStore store = builder().maxSeries(1).meterRegistry(meters).build();
    write(store, CPU, clock.instant(), 1);

    long now = clock.millis();
    Instant late = clock.instant().minusSeconds(61);
    Instant old = clock.instant().minus(Duration.ofDays(8));
    assertThat(store.write(MEMORY, new long[] {now, now + 1}, new double[2])).isDone();
    assertThat(store.write(List.of(new Sample(CPU, late, 1), new Sample(CPU, old, 1)))).isDone();

    assertThat(refused(meters, "too_many_series")).isEqualTo(2);
    assertThat(refused(meters, "too_old")).isEqualTo(2);
  }

  private static double refused(SimpleMeterRegistry meters, String reason) {
    return meters.get("platform.core.metrics.refused").tag("reason", reason).counter().count();
  }

  @Nested
  class WhenSeriesExpire {
    private final MetricStore store =
        builder().retention(HOUR).rollUpRetention(DAY).maxSeries(1).build();

    @Test
    void othersTakeTheirPlace() {
      write(store, CPU, clock.instant(), 1);
      assertThat(store.write(List.of(new Sample(MEMORY, clock.instant(), 1))))
          .isCompletedExceptionally();

      clock.advance(DAY.plus(HOUR));
      write(store, MEMORY, clock.instant(), 1);

      assertThat(store.metrics()).containsExactly("memory");
    }

    @Test
    void theyAreListedNoMore() {
      write(store, CPU, clock.instant(), 1);
      clock.advance(DAY);
      assertThat(store.series("cpu")).containsExactly(CPU);

      clock.advance(HOUR);

      assertThat(store.series("cpu")).isEmpty();
      assertThat(store.metrics()).isEmpty();
    }

    @Test
    void whatWasRemovedTakesNoWritesThatWouldBeLost() {
      StoredSeries series = new StoredSeries(CPU, 0, 10);
      SeriesSource.Oldest early = new SeriesSource.Oldest(0, 0);
      SeriesSource.Oldest late = new SeriesSource.Oldest(HOUR.toMillis(), HOUR.toMillis());
      assertThat(series.write(new long[] {0, 1}, new double[2], early)).hasValue(0);

      assertThat(series.removeIfExpired(early)).isFalse();
      assertThat(series.removeIfExpired(late)).isTrue();

      assertThat(series.write(new long[] {HOUR.toMillis()}, new double[1], late)).isEmpty();
    }

    @Test
    void aWriteThatRacesWithTheirRemovalIsNotLost() throws Exception {
      int hosts = 200;
      MetricStore many = builder().retention(HOUR).rollUpRetention(DAY).build();
      try (ExecutorService sweeper = Executors.newSingleThreadExecutor()) {
        for (int round = 0; round < 100; round++) {
          clock.advance(DAY.plus(HOUR));
          CountDownLatch sweeping = new CountDownLatch(1);
          Future<List<String>> swept =
              sweeper.submit(() -> {
                sweeping.countDown();
                return many.metrics();
              });
          sweeping.await();
          for (int host = 0; host < hosts; host++) {
            write(many, SeriesKey.of("cpu", "host", "h" + host), clock.instant(), 1);
          }
          swept.get();
          assertThat(samples(many)).as("round %d", round).hasSize(hosts);
        }
      }
    }
  }

  @Test
  void aSeriesThatIsNeitherWrittenNorAskedForIsTrimmedInPassing() {
    MetricStore store = builder().retention(HOUR).rollUpRetention(DAY).build();
    write(store, CPU, clock.instant(), 1);

    clock.advance(DAY.plus(HOUR));
    write(store, MEMORY, clock.instant(), 1);

    assertThat(store.metrics()).containsExactly("memory");
  }

  @Test
  void replacingManySamplesOfAnHourIsCheap() {
    MetricStore store = builder().build();
    int count = 100_000;
    write(store, CPU, clock.instant(), count);
    write(store, CPU, clock.instant().plusMillis(count - 60_000), 60_000);

    assertThat(hourly(store, Aggregation.COUNT)).isEqualTo(count);
  }

  @Test
  void aStoreWithDefaultsTellsTheTimeByTheSystem() {
    try (InMemoryMetricStore store = InMemoryMetricStore.create()) {
      Instant now = Instant.now();
      store.write(List.of(new Sample(CPU, now, 1))).join();

      assertThat(store.query(MetricQuery.builder("cpu", now, now.plusSeconds(1)).build()))
          .hasSize(1);
    }
  }
}
