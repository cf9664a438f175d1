package io.platformkit.examples.opsconsole;

import io.platformkit.core.Timers;
import io.platformkit.core.timeseries.Sample;
import io.platformkit.core.timeseries.SeriesKey;
import io.platformkit.realtime.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was measured, on its way to those who watch: one message every half second with all samples
 * since the one before, in the shape of the charts' answers. Safe for concurrent use.
 */
final class LiveMetrics implements AutoCloseable {
  /** Where the messages are published. */
  static final String TOPIC = "metrics_update";

  private static final String TYPE = "metrics";
  private static final Duration PERIOD = MachineSampler.PERIOD;

  private final InstantSource clock;
  private final ConcurrentLinkedQueue<Sample> waiting = new ConcurrentLinkedQueue<>();
  private final Map<SeriesKey, Sample> latest = new ConcurrentHashMap<>();
  private volatile Timers.@Nullable Timer timer;

  LiveMetrics(InstantSource clock) {
    this.clock = clock;
  }

  /** Takes samples that are stored. */
  void take(List<Sample> samples) {
    waiting.addAll(samples);
    samples.forEach(sample -> latest.put(sample.series(), sample));
  }

  /** The newest sample of each series. */
  Map<SeriesKey, Sample> latest() {
    return Map.copyOf(latest);
  }

  /** How busy all cores together are; empty until that was read. */
  OptionalDouble cpuPercent() {
    return latest.values().stream()
        .filter(LiveMetrics::isOfAllCores)
        .mapToDouble(Sample::value)
        .filter(Double::isFinite)
        .findFirst();
  }

  private static boolean isOfAllCores(Sample sample) {
    SeriesKey series = sample.series();
    return series.metric().equals("cpu.usage") && "total".equals(series.labels().get("core"));
  }

  /** Hands over what was taken, from now on. */
  void start(Timers timers, Consumer<Message> publish) {
    timer = timers.every("live-metrics", PERIOD, () -> publish.accept(message()));
  }

  /** All that waits. */
  private Message message() {
    Map<SeriesKey, List<Point>> points = new LinkedHashMap<>();
    for (Sample next = waiting.poll(); next != null; next = waiting.poll()) {
      points.computeIfAbsent(next.series(), key -> new ArrayList<>()).add(Point.of(next));
    }
    List<Line> series =
        points.entrySet().stream()
            .map(line -> new Line(line.getKey().metric(), line.getKey().labels(), line.getValue()))
            .toList();
    return Message.of(TYPE, new Update(clock.instant(), series));
  }

  private record Update(Instant to, List<Line> series) {}

  private record Line(String metric, Map<String, String> labels, List<Point> points) {}

  /** Without a value it is a gap. */
  private record Point(Instant timestamp, @Nullable Double value) {
    static Point of(Sample sample) {
      return new Point(sample.at(), Double.isNaN(sample.value()) ? null : sample.value());
    }
  }

  @Override
  public void close() {
    Timers.Timer running = timer;
    if (running != null) {
      running.cancel();
    }
  }
}
