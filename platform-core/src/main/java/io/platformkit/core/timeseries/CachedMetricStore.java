package io.platformkit.core.timeseries;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Keeps answers about the past: a query whose range ended more than one step ago is asked of the
 * store once a minute, however many look at the chart. Safe for concurrent use.
 *
 * <p>A sample that is written late into such a range, or trimmed from it, shows when the answer is
 * a minute old. Without a step, one point of the budget counts as one. Does not close the store.
 */
public final class CachedMetricStore implements MetricStore {
  /** How long an answer is kept. */
  public static final Duration TTL = Duration.ofSeconds(60);

  /** Points of all answers together; the least used go first. */
  private static final long MAX_POINTS = 4_000_000;

  private final MetricStore store;
  private final InstantSource clock;
  private final AsyncCache<MetricQuery, List<Series>> answers;
  private final Lifecycle lifecycle = new Lifecycle("metric cache");

  private CachedMetricStore(MetricStore store, InstantSource clock, Timers timers) {
    this.store = store;
    this.clock = clock;
    this.answers =
        Caffeine.newBuilder()
            .maximumWeight(MAX_POINTS)
            .weigher((MetricQuery query, List<Series> series) -> points(series))
            .expireAfterWrite(TTL)
            .ticker(timers::nanoTime)
            .executor(Runnable::run)
            .buildAsync();
  }

  /** Caches the answers of a store; {@code timers} tell how old they are. */
  public static CachedMetricStore over(MetricStore store, InstantSource clock, Timers timers) {
    return new CachedMetricStore(store, clock, timers);
  }

  private static int points(List<Series> series) {
    long points = series.stream().mapToLong(Series::size).sum();
    return (int) Math.min(Integer.MAX_VALUE, 1 + points);
  }

  @Override
  public List<Series> query(MetricQuery query) {
    lifecycle.requireOpen();
    if (!isPast(query)) {
      return store.query(query);
    }
    CompletableFuture<List<Series>> mine = new CompletableFuture<>();
    CompletableFuture<List<Series>> known = answers.asMap().putIfAbsent(query, mine);
    return known == null ? ask(query, mine) : await(query, known);
  }

  private List<Series> ask(MetricQuery query, CompletableFuture<List<Series>> asked) {
    try {
      asked.complete(List.copyOf(store.query(query)));
    } catch (Throwable failure) {
      asked.completeExceptionally(failure);
      throw failure;
    }
    return asked.join();
  }

  /** Who waited for a failure asks for itself. */
  private List<Series> await(MetricQuery query, CompletableFuture<List<Series>> asked) {
    try {
      return asked.join();
    } catch (CompletionException e) {
      return store.query(query);
    }
  }

  private boolean isPast(MetricQuery query) {
    Duration step =
        query
            .step()
            .orElseGet(
                () -> Duration.between(query.from(), query.to()).dividedBy(query.maxPoints()));
    return query.to().plus(step).isBefore(clock.instant());
  }

  @Override
  public CompletableFuture<Void> write(Collection<Sample> samples) {
    lifecycle.requireOpen();
    return store.write(samples);
  }

  @Override
  public CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values) {
    lifecycle.requireOpen();
    return store.write(series, times, values);
  }

  @Override
  public List<SeriesKey> series(String metric) {
    lifecycle.requireOpen();
    return store.series(metric);
  }

  @Override
  public List<String> metrics() {
    lifecycle.requireOpen();
    return store.metrics();
  }

  /** Forgets all answers; the store stays open. */
  @Override
  public void close() {
    lifecycle.close(answers.synchronous()::invalidateAll);
  }
}
