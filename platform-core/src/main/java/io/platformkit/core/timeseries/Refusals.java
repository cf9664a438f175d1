package io.platformkit.core.timeseries;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * What one write could not store: counted by reason as {@code platform.core.metrics.refused}, and
 * told to the writer. For stores; not safe for concurrent use.
 */
public final class Refusals {
  private final MeterRegistry meters;
  private int count;
  private String firstReason = "";

  /** Nothing is refused yet. */
  public Refusals(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * Refuses samples older than the store takes.
   *
   * @param samples zero or more
   */
  public void tooOld(int samples, SeriesKey key, Duration retention, Duration window) {
    if (samples > 0) {
      add(
          samples,
          "too_old",
          "'%s' takes samples of the last %s, up to %s older than its newest, and when it is full, none older than all that it holds"
              .formatted(key, retention, window));
    }
  }

  /**
   * Refuses samples from the future, which would make all that come after them too old.
   *
   * @param samples zero or more
   */
  public void tooNew(int samples, SeriesKey key, Duration maxAhead) {
    if (samples > 0) {
      add(
          samples,
          "too_new",
          "'%s' takes samples up to maxAhead, %s, from now".formatted(key, maxAhead));
    }
  }

  /** Refuses samples of one series more than the store holds. */
  public void tooManySeries(int samples, SeriesKey key, int maxSeries) {
    add(
        samples,
        "too_many_series",
        "'%s' would be one more than maxSeries, %d".formatted(key, maxSeries));
  }

  /** Refuses samples because too many wait to be written. */
  public void overload(int samples, int maxWaiting) {
    add(
        samples,
        "overload",
        "more samples than maxWaitingSamples, %d, would wait to be written".formatted(maxWaiting));
  }

  private void add(int samples, String reason, String text) {
    count += samples;
    firstReason = firstReason.isEmpty() ? text : firstReason;
    meters.counter("platform.core.metrics.refused", "reason", reason).increment(samples);
  }

  /** Completed; failed with {@link SamplesRefusedException} if anything was refused. */
  public CompletableFuture<Void> outcome() {
    return count == 0
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new SamplesRefusedException(count, firstReason));
  }
}
