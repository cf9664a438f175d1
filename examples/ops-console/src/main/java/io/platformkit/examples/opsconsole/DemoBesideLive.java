package io.platformkit.examples.opsconsole;

import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.Series;
import io.platformkit.core.timeseries.SeriesKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Two stores as one: metrics whose name starts with {@code demo.} are kept for more than a year,
 * those of the machine for a day. Safe for concurrent use, as the stores are.
 */
final class DemoBesideLive implements MetricStore {
  private static final String DEMO_PREFIX = "demo.";

  private final MetricStore demo;
  private final MetricStore live;

  /** Takes both stores over: they are closed with this one. */
  DemoBesideLive(MetricStore demo, MetricStore live) {
    this.demo = demo;
    this.live = live;
  }

  private static boolean isDemo(String metric) {
    return metric.startsWith(DEMO_PREFIX);
  }

  private MetricStore storeOf(String metric) {
    return isDemo(metric) ? demo : live;
  }

  @Override
  public CompletableFuture<Void> write(Collection<Sample> samples) {
    Map<Boolean, List<Sample>> byKind =
        samples.stream()
            .collect(Collectors.partitioningBy(sample -> isDemo(sample.series().metric())));
    return CompletableFuture.allOf(
        demo.write(byKind.getOrDefault(true, List.of())),
        live.write(byKind.getOrDefault(false, List.of())));
  }

  @Override
  public CompletableFuture<Void> write(SeriesKey series, long[] times, double[] values) {
    return storeOf(series.metric()).write(series, times, values);
  }

  @Override
  public List<Series> query(MetricQuery query) {
    return storeOf(query.metric()).query(query);
  }

  @Override
  public List<SeriesKey> series(String metric) {
    return storeOf(metric).series(metric);
  }

  @Override
  public List<String> metrics() {
    TreeSet<String> metrics = new TreeSet<>(demo.metrics());
    metrics.addAll(live.metrics());
    return List.copyOf(metrics);
  }

  @Override
  public void close() {
    demo.close();
    live.close();
  }
}
