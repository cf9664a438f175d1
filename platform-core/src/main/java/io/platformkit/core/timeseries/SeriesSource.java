package io.platformkit.core.timeseries;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a store holds of one series. {@link #answer} makes of it what a query asks for, in the same
 * way in every store. For stores; called by one thread at a time.
 */
public interface SeriesSource {
  /**
   * From when on samples count.
   *
   * @param raw first millisecond of raw samples
   * @param rollUps hours that end before it are gone
   */
  record Oldest(long raw, long rollUps) {}

  /** Hands over the raw samples of {@code [from, to)} in order. */
  void samples(long from, long to, SampleReader reader);

  /** Hands over the roll-ups of the hours that begin in {@code [from, to)} in order. */
  void rollUps(long from, long to, Consumer<RollUp> reader);

  /** The newest value of {@code [from, to)} that is not NaN; NaN if there is none. */
  double lastOf(long from, long to);

  /** The raw samples of {@code [from, to)}, or as many of them as LTTB is to select. */
  default Series downsampled(SeriesKey key, long from, long to, int maxPoints) {
    SampleList all = new SampleList();
    samples(from, to, all);
    return all.series(key, maxPoints);
  }

  /**
   * The answer to a query for a series that matches it.
   *
   * @return empty if the range holds nothing
   */
  static Optional<Series> answer(
      SeriesSource source, SeriesKey key, MetricQuery query, Oldest oldest) {
    Series answer =
        query.step().isPresent()
            ? new StepReading(source, query, oldest).series(key)
            : source.downsampled(
                key,
                Math.max(oldest.raw, query.from().toEpochMilli()),
                query.to().toEpochMilli(),
                query.maxPoints());
    return answer.size() == 0 ? Optional.empty() : Optional.of(answer);
  }
}
