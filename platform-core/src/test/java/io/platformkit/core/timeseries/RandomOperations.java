package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.MetricStoreModel.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

/** Does the same to a store and to the model, chosen by a seed, and compares what they say. */
final class RandomOperations {
  private static final long MINUTE = 60_000;
  private static final long WINDOW = 2 * MINUTE;

  private static final List<SeriesKey> KEYS =
      List.of(
          SeriesKey.of("cpu"),
          SeriesKey.of("cpu", "host", "a"),
          SeriesKey.of("cpu", "host", "b"),
          new SeriesKey("cpu", Map.of("host", "a", "zone", "north")),
          SeriesKey.of("memory"));

  private static final List<Duration> STEPS =
      List.of(
          Duration.ofMillis(1_700),
          Duration.ofSeconds(10),
          Duration.ofMinutes(1),
          Duration.ofHours(1),
          Duration.ofHours(3));

  private final long seed;
  private final Random random;
  private final SettableClock clock;
  private final MetricStoreModel model;
  private final MetricStore store;

  RandomOperations(long seed, SettableClock clock, MetricStoreModel model, MetricStore store) {
    this.seed = seed;
    this.random = new Random(seed);
    this.clock = clock;
    this.model = model;
    this.store = store;
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      String where = "operation %d of seed %d".formatted(i, seed);
      switch (random.nextInt(8)) {
        case 0 -> clock.advance(Duration.ofMillis(random.nextLong(100 * MINUTE)));
        case 1, 2 -> writeSamples(where);
        case 3, 4 -> writeColumns(where);
        default -> compare(where, query());
      }
    }
  }

  private SeriesKey key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  /** Every sum of them is exact. */
  private double value() {
    return random.nextInt(20) == 0 ? Double.NaN : random.nextInt(-400, 4_000) / 4.0;
  }

  /** From where on to write to a series: now, behind its newest sample, or too far behind it. */
  private long start(SeriesKey key) {
    return switch (random.nextInt(8)) {
      case 0 -> model.newest(key) - WINDOW - random.nextLong(MINUTE);
      case 1, 2, 3 -> model.newest(key) - random.nextLong(WINDOW);
      case 4 -> clock.millis() - random.nextLong(400 * MINUTE);
      default -> Math.max(model.newest(key), clock.millis() - 20 * MINUTE);
    };
  }

  private void writeSamples(String where) {
    List<Sample> samples = new ArrayList<>();
    int refused = 0;
    for (int i = random.nextInt(20); i >= 0; i--) {
      SeriesKey key = key();
      long time = start(key) + random.nextLong(MINUTE);
      double value = value();
      samples.add(new Sample(key, Instant.ofEpochMilli(time), value));
      refused += model.write(key, time, value) ? 0 : 1;
    }
    assertThat(refusedOf(store.write(samples))).as(where).isEqualTo(refused);
  }

  private void writeColumns(String where) {
    SeriesKey key = key();
    long[] times = new long[random.nextInt(1, 200)];
    double[] values = new double[times.length];
    long time = start(key);
    int refused = 0;
    for (int i = 0; i < times.length; i++) {
      times[i] = time;
      values[i] = value();
      refused += model.write(key, time, values[i]) ? 0 : 1;
      time += random.nextInt(4) == 0 ? random.nextLong(1, MINUTE / 3) : 1;
    }
    assertThat(refusedOf(store.write(key, times, values))).as(where).isEqualTo(refused);
  }

  private static int refusedOf(CompletableFuture<Void> written) {
    try {
      written.join();
      return 0;
    } catch (CompletionException e) {
      if (e.getCause() instanceof SamplesRefusedException refused) {
        return refused.refused();
      }
      throw e;
    }
  }

  private MetricQuery query() {
    long from = aligned(clock.millis() - random.nextLong(1_000 * MINUTE));
    long to = Math.max(from + 1, aligned(from + random.nextLong(1_200 * MINUTE)));
    MetricQuery.Builder query =
        MetricQuery.builder(
                random.nextInt(5) == 0 ? "memory" : "cpu",
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(to))
            .maxPoints(MetricQuery.LARGEST_MAX_POINTS);
    if (random.nextInt(3) == 0) {
      query.label("host", random.nextBoolean() ? List.of("a") : List.of("a", "b", "c"));
    }
    if (random.nextInt(4) > 0) {
      Aggregation[] all = Aggregation.values();
      query.step(STEPS.get(random.nextInt(STEPS.size())), all[random.nextInt(all.length)]);
    }
    return query.build();
  }

  /** Often a full hour. */
  private long aligned(long time) {
    return random.nextBoolean() ? time : Math.floorDiv(time, 60 * MINUTE) * 60 * MINUTE;
  }

  private void compare(String where, MetricQuery query) {
    List<Answer> expected = model.query(query);
    List<Series> actual = store.query(query);
    assertThat(actual.stream().map(Series::key))
        .as("%s: %s", where, query)
        .containsExactlyElementsOf(expected.stream().map(Answer::key).toList());
    for (int i = 0; i < expected.size(); i++) {
      compare("%s: %s".formatted(where, query), expected.get(i), actual.get(i));
    }
  }

  private static void compare(String where, Answer expected, Series actual) {
    assertThat(actual.times())
        .as(where)
        .isEqualTo(expected.times().stream().mapToLong(time -> time).toArray());
    assertThat(actual.rawCount()).as(where).isEqualTo(expected.rawCount());
    IntStream.range(0, actual.size())
        .filter(i -> !isClose(actual.valueAt(i), expected.values().get(i)))
        .forEach(i ->
            assertThat(actual.valueAt(i))
                .as("%s: value %d of %s", where, i, actual.key())
                .isEqualTo(expected.values().get(i)));
  }

  private static boolean isClose(double actual, double expected) {
    return Double.compare(actual, expected) == 0 || Math.abs(actual - expected) < 1e-9;
  }
}
