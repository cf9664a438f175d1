package io.platformkit.core.timeseries;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Labelled samples: written as they come, queried by range, step and aggregation, downsampled for
 * charts. Safe for concurrent use.
 *
 * <p>Promises, kept by every implementation and proved by {@code MetricStoreContract}:
 *
 * <ul>
 *   <li>One value per series and millisecond; the last written wins.
 *   <li>Samples come in any order within the store's window; what is further behind its series'
 *       newest sample, older than raw samples are kept, or further in the future than the store
 *       allows, is refused, and so is a sample of one series more than the store holds. What is
 *       refused is counted and told, and makes no series.
 *   <li>Steps are aligned to the epoch and half-open, and take the samples of the range alone; only
 *       {@link Aggregation#RATE} counts from the sample before. A step without samples has no
 *       value; empty steps between others are one NaN.
 *   <li>Steps of whole hours that the range does not cut are answered from hourly roll-ups by all
 *       aggregations that are {@linkplain Aggregation#onRollUps() exact} on them: these are kept
 *       longer, and always tell what was written, late and replaced samples included. Everything
 *       else is answered from raw samples.
 *   <li>What has more points than the query's budget is selected from by {@link Lttb}.
 * </ul>
 */
public interface MetricStore extends AutoCloseable {
  /**
   * Writes samples of any series, in the collection's order. A sample that is acknowledged is seen
   * by the next query.
   *
   * @return completes when all are written; fails with {@link SamplesRefusedException} when some
   *     were refused (the others are written), with another {@link
   *     io.platformkit.core.PlatformException} when the store failed
   * @throws IllegalStateException if the store is closed
   */
  CompletableFuture<Void> write(Collection<Sample> samples);

  /**
   * Writes many samples of one series: the fast way in.
   *
   * @param times milliseconds since the epoch, increasing, as {@link Sample#at} bounded; copied
   * @param values as many as times; copied
   * @return as {@link #write(Collection)}
   * @throws IllegalArgumentException if the lengths differ, or a time does not increase or is out
   *     of bounds; the message names the index
   * @throws IllegalStateException if the store is closed
   */
  CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values);

  /**
   * Answers one query. Blocks.
   *
   * @return one series for each that matches and has data in the range, ordered by key
   * @throws IllegalStateException if the store is closed
   */
  List<Series> query(MetricQuery query);

  /** The keys of all series of a metric, ordered; empty if there is none. Blocks. */
  List<SeriesKey> series(String metric);

  /** The names of all metrics, ordered. Blocks. */
  List<String> metrics();

  /** Releases what the store itself opened. Any number of calls. */
  @Override
  void close();
}
