package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CachedMetricStoreTest {
  private static final SeriesKey CPU = SeriesKey.of("cpu");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final RecordingMetricStore store = new RecordingMetricStore();
  private final CachedMetricStore cached = CachedMetricStore.over(store, clock, timers);
  private final Instant now = clock.instant();

  /** Answers every query with one point, and keeps what it was asked. */
  private static final class RecordingMetricStore implements MetricStore {
    final List<MetricQuery> queries = new CopyOnWriteArrayList<>();
    final List<Collection<Sample>> samples = new ArrayList<>();
    final List<SeriesKey> columns = new ArrayList<>();
    Runnable onQuery = () -> {};
    boolean closed;

    @Override
    public CompletableFuture<Void> write(Collection<Sample> written) {
      samples.add(written);
      return CompletableFuture.failedFuture(new SamplesRefusedException(1, "of a test"));
    }

    @Override
    public CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values) {
      columns.add(series);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<Series> query(MetricQuery query) {
      queries.add(query);
      onQuery.run();
      return List.of(new Series(CPU, new long[] {queries.size()}, new double[] {1}, 1));
    }

    @Override
    public List<SeriesKey> series(String metric) {
      return List.of(CPU);
    }

    @Override
    public List<String> metrics() {
      return List.of("cpu");
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private MetricQuery.Builder endingAgo(Duration ago) {
    Instant to = now.minus(ago);
    return MetricQuery.builder("cpu", to.minus(Duration.ofHours(1)), to);
  }

  private MetricQuery past() {
    return endingAgo(Duration.ofHours(1)).build();
  }

  @Test
  void theStoreIsAskedOnceForThePast() {
    List<Series> answer = cached.query(past());
    timers.advance(Duration.ofSeconds(59));

    assertThat(cached.query(past())).isEqualTo(answer);
    assertThat(store.queries).containsExactly(past());
  }

  @Test
  void theStoreIsAskedAgainAfterAMinute() {
    List<Series> answer = cached.query(past());
    timers.advance(CachedMetricStore.TTL);

    assertThat(cached.query(past())).isNotEqualTo(answer);
    assertThat(store.queries).hasSize(2);
  }

  @Test
  void aLiveRangeIsAlwaysAskedFor() {
    MetricQuery live = MetricQuery.builder("cpu", now.minus(MINUTE), now.plus(MINUTE)).build();

    cached.query(live);
    cached.query(live);

    assertThat(store.queries).hasSize(2);
  }

  @Test
  void aRangeThatEndedWithinTheLastStepIsLive() {
    MetricQuery live = endingAgo(MINUTE).step(MINUTE, Aggregation.AVG).build();
    cached.query(live);
    cached.query(live);
    assertThat(store.queries).hasSize(2);

    MetricQuery past = endingAgo(MINUTE.plusMillis(1)).step(MINUTE, Aggregation.AVG).build();
    cached.query(past);
    cached.query(past);
    assertThat(store.queries).hasSize(3);
  }

  @Test
  void withoutAStepAPointOfTheBudgetIsOne() {
    MetricQuery live = endingAgo(Duration.ofSeconds(36)).maxPoints(100).build();
    cached.query(live);
    cached.query(live);
    assertThat(store.queries).hasSize(2);

    MetricQuery past = endingAgo(Duration.ofMillis(36_001)).maxPoints(100).build();
    cached.query(past);
    cached.query(past);
    assertThat(store.queries).hasSize(3);
  }

  @Test
  void aLiveRangeBecomesPast() {
    MetricQuery query = endingAgo(Duration.ZERO).step(MINUTE, Aggregation.AVG).build();
    cached.query(query);

    timers.advance(MINUTE.plusMillis(1));
    cached.query(query);
    cached.query(query);

    assertThat(store.queries).hasSize(2);
  }

  @Test
  void differentQueriesHaveDifferentAnswers() {
    List<Series> answer = cached.query(past());

    assertThat(cached.query(endingAgo(Duration.ofHours(1)).maxPoints(10).build()))
        .isNotEqualTo(answer);
    assertThat(cached.query(endingAgo(Duration.ofHours(2)).build())).isNotEqualTo(answer);
    assertThat(cached.query(endingAgo(Duration.ofHours(1)).label("host", "a").build()))
        .isNotEqualTo(answer);
    assertThat(store.queries).hasSize(4);
  }

  @Test
  void manyCallersAtOnceAskTheStoreOnce() throws Exception {
    int callers = 8;
    CountDownLatch started = new CountDownLatch(callers);
    store.onQuery = () -> awaitAll(started);
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      List<Callable<List<Series>>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        all.add(() -> {
          started.countDown();
          return cached.query(past());
        });
      }
      for (Future<List<Series>> answer : threads.invokeAll(all)) {
        assertThat(answer.get()).hasSize(1);
      }
    }
    assertThat(store.queries).hasSize(1);
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFailureIsNotKept() {
    store.onQuery =
        () -> {
          throw new IllegalArgumentException("of a test");
        };
    assertThat(catching(() -> cached.query(past()))).hasMessage("of a test");

    store.onQuery = () -> {};

    assertThat(cached.query(past())).hasSize(1);
    assertThat(store.queries).hasSize(2);
  }

  private static Throwable catching(Runnable action) {
    return catchThrowable(action::run);
  }

  @Test
  void writesAndListsPassThrough() {
    List<Sample> samples = List.of(new Sample(CPU, now, 1));

    assertThat(cached.write(samples)).isCompletedExceptionally();
    assertThat(cached.write(CPU, new long[] {1}, new double[] {1})).isCompleted();

    assertThat(store.samples).containsExactly(samples);
    assertThat(store.columns).containsExactly(CPU);
    assertThat(cached.metrics()).containsExactly("cpu");
    assertThat(cached.series("cpu")).containsExactly(CPU);
  }

  @Test
  void closingLeavesTheStoreOpen() {
    cached.close();
    cached.close();

    assertThat(store.closed).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> cached.query(past()));
    assertThatIllegalStateException().isThrownBy(() -> cached.write(List.of()));
    assertThatIllegalStateException().isThrownBy(cached::metrics);
  }
}
