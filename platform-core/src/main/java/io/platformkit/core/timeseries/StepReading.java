package io.platformkit.core.timeseries;

import io.platformkit.core.timeseries.SeriesSource.Oldest;

/** Reads one series in steps: whole hours from roll-ups where these are exact, else raw samples. */
final class StepReading {
  private final SeriesSource source;
  private final MetricQuery query;
  private final Oldest oldest;
  private final long from;
  private final long to;
  private final StepSeries steps;

  StepReading(SeriesSource source, MetricQuery query, Oldest oldest) {
    this.source = source;
    this.query = query;
    this.oldest = oldest;
    this.from = query.from().toEpochMilli();
    this.to = query.to().toEpochMilli();
    this.steps = new StepSeries(query.aggregation(), stepMillis(), before());
  }

  private long stepMillis() {
    return query.step().orElseThrow().toMillis();
  }

  private double before() {
    return query.aggregation() == Aggregation.RATE ? source.lastOf(oldest.raw(), from) : Double.NaN;
  }

  Series series(SeriesKey key) {
    if (query.aggregation().onRollUps() && stepMillis() % RollUp.HOUR == 0) {
      readHours();
    } else {
      readSamples(from, to);
    }
    return steps.series(key, query.maxPoints());
  }

  /** Whole hours from the roll-ups, what the range cuts from an hour at its ends from the raw. */
  private void readHours() {
    long firstWhole = Math.min(to, RollUp.startOf(from + RollUp.HOUR - 1));
    long end = Math.max(firstWhole, RollUp.startOf(to));
    readSamples(from, firstWhole);
    source.rollUps(Math.max(firstWhole, RollUp.startOf(oldest.rollUps())), end, steps::add);
    readSamples(end, to);
  }

  private void readSamples(long first, long end) {
    long start = Math.max(oldest.raw(), first);
    if (start < end) {
      source.samples(start, end, steps);
    }
  }
}
