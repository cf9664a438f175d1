package io.platformkit.examples.opsconsole;

import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@code GET}: how busy this machine is, by its newest readings. */
final class CurrentMetrics implements HttpEndpoint {
  private final LiveMetrics live;

  CurrentMetrics(LiveMetrics live) {
    this.live = live;
  }

  @Override
  public Response handle(Request request) {
    Map<SeriesKey, Sample> latest = live.latest();
    Map<String, Object> answer = new LinkedHashMap<>();
    put(answer, "cpu_percent", live.cpuPercent());
    put(answer, "memory_percent", percent(latest, "memory.used", "memory.total"));
    put(answer, "disk_percent", fullestDisk(latest));
    put(answer, "load_1m", value(latest, "load.1m"));
    if (answer.isEmpty()) {
      return Problem.of(503, "nothing was measured yet")
          .toResponse()
          .withHeader("Retry-After", "1");
    }
    answer.put("timestamp", newest(latest));
    return Response.json(answer).withHeader("Cache-Control", "no-store");
  }

  /** What a probe could not read is left out. */
  private static void put(Map<String, Object> answer, String name, OptionalDouble value) {
    value.ifPresent(number -> answer.put(name, number));
  }

  private static OptionalDouble value(Map<SeriesKey, Sample> latest, String metric) {
    return latest.entrySet().stream()
        .filter(entry -> entry.getKey().metric().equals(metric))
        .mapToDouble(entry -> entry.getValue().value())
        .filter(Double::isFinite)
        .findFirst();
  }

  private static OptionalDouble percent(Map<SeriesKey, Sample> latest, String part, String whole) {
    OptionalDouble used = value(latest, part);
    OptionalDouble total = value(latest, whole);
    return used.isPresent() && total.isPresent() && total.getAsDouble() > 0
        ? OptionalDouble.of(100 * used.getAsDouble() / total.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble fullestDisk(Map<SeriesKey, Sample> latest) {
    return latest.values().stream()
        .filter(sample -> sample.series().metric().equals("disk.used"))
        .mapToDouble(used -> share(used, latest))
        .filter(Double::isFinite)
        .max();
  }

  private static double share(Sample used, Map<SeriesKey, Sample> latest) {
    return Optional.ofNullable(latest.get(new SeriesKey("disk.total", used.series().labels())))
        .map(total -> 100 * used.value() / total.value())
        .orElse(Double.NaN);
  }

  private static Instant newest(Map<SeriesKey, Sample> latest) {
    return Objects.requireNonNull(
        latest.values().stream().map(Sample::at).max(Comparator.naturalOrder()).orElse(null));
  }
}
