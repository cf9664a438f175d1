package io.platformkit.examples.opsconsole;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.core.timeseries.SeriesKey;
import java.util.List;
import java.util.Map;

/** {@code GET /api/v1/metrics}: what there is to choose from, with units for the axes. */
final class MetricCatalog implements HttpEndpoint {
  private static final Map<String, String> UNITS =
      Map.ofEntries(
          Map.entry("cpu.usage", "percent"),
          Map.entry("memory.used", "bytes"),
          Map.entry("memory.total", "bytes"),
          Map.entry("swap.used", "bytes"),
          Map.entry("swap.total", "bytes"),
          Map.entry("disk.used", "bytes"),
          Map.entry("disk.total", "bytes"),
          Map.entry("disk.read", "bytes/s"),
          Map.entry("disk.write", "bytes/s"),
          Map.entry("network.rx", "bytes/s"),
          Map.entry("network.tx", "bytes/s"),
          Map.entry("jvm.heap.used", "bytes"),
          Map.entry("jvm.heap.max", "bytes"),
          Map.entry("jvm.gc.time", "ms/s"),
          Map.entry("model.requests", "/s"),
          Map.entry("model.errors", "/s"),
          Map.entry("model.latency.p50", "ms"),
          Map.entry("model.latency.p99", "ms"),
          Map.entry("model.cache.hits", "percent"));

  private final MetricStore store;

  MetricCatalog(MetricStore store) {
    this.store = store;
  }

  @Override
  public Response handle(Request request) {
    List<Entry> metrics = store.metrics().stream().map(this::entry).toList();
    return Response.json(new Answer(metrics)).withHeader("Cache-Control", "no-store");
  }

  private Entry entry(String metric) {
    List<Map<String, String>> series =
        store.series(metric).stream().map(SeriesKey::labels).toList();
    return new Entry(metric, UNITS.getOrDefault(metric, "number"), series);
  }

  private record Answer(List<Entry> metrics) {}

  private record Entry(String metric, String unit, List<Map<String, String>> series) {}
}
