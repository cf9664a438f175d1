package io.platformkit.core.timeseries;

import io.platformkit.core.SettableClock;
import io.platformkit.core.timeseries.MetricStoreContract.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The promises of a {@link MetricStore}, in the plainest way; it never forgets a roll-up. */
final class MetricStoreModel {
  private static final long HOUR = 3_600_000;

  private final SettableClock clock;
  private final Options options;
  private final Map<SeriesKey, NavigableMap<Long, Double>> stored =
      new TreeMap<>(Comparator.naturalOrder());

  MetricStoreModel(SettableClock clock, Options options) {
    this.clock = clock;
    this.options = options;
  }

  private long oldest() {
    return clock.millis() - options.retention().toMillis();
  }

  /** The time of a series' newest sample; now if there is none. */
  long newest(SeriesKey key) {
    NavigableMap<Long, Double> samples = stored.get(key);
    return samples == null ? clock.millis() : samples.lastKey();
  }

  /** False if the sample is refused. */
  boolean write(SeriesKey key, long time, double value) {
    if (time < oldest()) {
      return false;
    }
    NavigableMap<Long, Double> samples = stored.get(key);
    if (samples == null && stored.size() == options.maxSeries()) {
      return false;
    }
    if (samples != null && time < samples.lastKey() - options.outOfOrderWindow().toMillis()) {
      return false;
    }
    stored.computeIfAbsent(key, added -> new TreeMap<>()).put(time, value);
    return true;
  }

  /** One series of an answer; values of a step may be off by rounding. */
  record Answer(SeriesKey key, List<Long> times, List<Double> values, long rawCount) {}

  List<Answer> query(MetricQuery query) {
    List<Answer> answers = new ArrayList<>();
    stored.forEach((key, samples) -> {
      if (query.matches(key)) {
        answer(key, samples, query).ifPresent(answers::add);
      }
    });
    return answers;
  }

  private Optional<Answer> answer(
      SeriesKey key, NavigableMap<Long, Double> samples, MetricQuery query) {
    NavigableMap<Long, Double> inRange =
        samples.subMap(query.from().toEpochMilli(), true, query.to().toEpochMilli(), false);
    Answer answer =
        query.step().isPresent()
            ? steps(key, samples, inRange, query, query.step().get().toMillis())
            : raw(key, inRange);
    return answer.times.isEmpty() ? Optional.empty() : Optional.of(answer);
  }

  private Answer raw(SeriesKey key, NavigableMap<Long, Double> inRange) {
    NavigableMap<Long, Double> kept = new TreeMap<>(inRange);
    kept.headMap(oldest()).clear();
    return new Answer(key, List.copyOf(kept.keySet()), List.copyOf(kept.values()), kept.size());
  }

  private Answer steps(
      SeriesKey key,
      NavigableMap<Long, Double> samples,
      NavigableMap<Long, Double> inRange,
      MetricQuery query,
      long step) {
    boolean onRollUps = query.aggregation().onRollUps() && step % HOUR == 0;
    Map<Long, List<Long>> timesOfSteps = new TreeMap<>();
    long rawCount = 0;
    for (Map.Entry<Long, Double> sample : inRange.entrySet()) {
      long time = sample.getKey();
      boolean known = time >= oldest() || (onRollUps && isInWholeHour(time, query));
      if (known && !sample.getValue().isNaN()) {
        timesOfSteps
            .computeIfAbsent(Math.floorDiv(time, step) * step, start -> new ArrayList<>())
            .add(time);
        rawCount++;
      }
    }
    Answer answer = new Answer(key, new ArrayList<>(), new ArrayList<>(), rawCount);
    timesOfSteps.forEach((start, times) -> {
      if (!answer.times.isEmpty() && answer.times.getLast() + step < start) {
        answer.times.add(answer.times.getLast() + step);
        answer.values.add(Double.NaN);
      }
      answer.times.add(start);
      answer.values.add(value(samples, times, query.aggregation(), step));
    });
    return answer;
  }

  private static boolean isInWholeHour(long time, MetricQuery query) {
    long hour = Math.floorDiv(time, HOUR) * HOUR;
    return hour >= query.from().toEpochMilli() && hour + HOUR <= query.to().toEpochMilli();
  }

  private double value(
      NavigableMap<Long, Double> samples, List<Long> times, Aggregation aggregation, long step) {
    double[] values = times.stream().mapToDouble(samples::get).toArray();
    double sum = Arrays.stream(values).sum();
    return switch (aggregation) {
      case AVG -> sum / values.length;
      case MIN -> Arrays.stream(values).min().orElseThrow();
      case MAX -> Arrays.stream(values).max().orElseThrow();
      case SUM -> sum;
      case COUNT -> values.length;
      case FIRST -> values[0];
      case LAST -> values[values.length - 1];
      case P50 -> quantile(0.5, values);
      case P95 -> quantile(0.95, values);
      case P99 -> quantile(0.99, values);
      case RATE -> growth(before(samples, times.getFirst()), values) * 1_000 / step;
    };
  }

  /** Type 7 of Hyndman and Fan. */
  private static double quantile(double q, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double h = (sorted.length - 1) * q;
    double low = sorted[(int) Math.floor(h)];
    double high = sorted[(int) Math.ceil(h)];
    return low + (h - Math.floor(h)) * (high - low);
  }

  /** The last sample before a time that is not NaN; NaN if there is none. */
  private double before(NavigableMap<Long, Double> samples, long time) {
    return samples.headMap(time, false).tailMap(oldest(), true).values().stream()
        .filter(value -> !value.isNaN())
        .reduce((earlier, later) -> later)
        .orElse(Double.NaN);
  }

  private static double growth(double before, double[] values) {
    double growth = 0;
    double previous = before;
    for (double value : values) {
      if (!Double.isNaN(previous)) {
        growth += value < previous ? value : value - previous;
      }
      previous = value;
    }
    return growth;
  }
}
