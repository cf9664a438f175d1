package io.platformkit.core.charts;

import io.platformkit.core.http.Request;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The range of a chart: a preset, {@code timeRange=<from>/<to>}, or {@code from} and {@code to}.
 *
 * @param from first millisecond
 * @param to first millisecond after the range
 */
record ChartRange(Instant from, Instant to) {
  private static final Duration DEFAULT_LENGTH = Duration.ofMinutes(15);
  private static final Map<String, Duration> PRESETS = presets();
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");
  private static final String INSTANT_RULE =
      "must be a moment with an offset, such as 2026-01-31T12:00:00Z, or milliseconds since the"
          + " epoch, of the years 1 to 9999";

  static ChartRange of(Request request, Instant now) {
    refuseMixtures(request);
    if (Parameters.has(request, "preset")) {
      return ofPreset(request.query("preset").orElseThrow(), now);
    }
    if (Parameters.has(request, "timeRange")) {
      return ofTimeRange(request.query("timeRange").orElseThrow());
    }
    return ofFromAndTo(request, now);
  }

  private static void refuseMixtures(Request request) {
    List<String> ways =
        Stream.of("preset", "timeRange", "from").filter(n -> Parameters.has(request, n)).toList();
    if (ways.size() > 1) {
      throw Parameters.refused(
          ways.get(1),
          Parameters.values(request, ways.get(1)),
          "cannot be combined with %s; give one of preset, timeRange, from".formatted(ways.get(0)));
    }
    if (Parameters.has(request, "to") && !Parameters.has(request, "from")) {
      throw Parameters.refused("to", Parameters.values(request, "to"), "must come with from");
    }
  }

  private static ChartRange ofPreset(String preset, Instant now) {
    Duration length = PRESETS.get(preset);
    if (length == null) {
      throw Parameters.refused(
          "preset", preset, "must be one of %s".formatted(String.join(", ", PRESETS.keySet())));
    }
    return new ChartRange(now.minus(length), now);
  }

  private static ChartRange ofTimeRange(String range) {
    String[] ends = range.split("/", -1);
    if (ends.length != 2) {
      throw Parameters.refused("timeRange", range, "must be <from>/<to>");
    }
    Instant from = instant("timeRange", ends[0]);
    return ordered("timeRange", range, from, instant("timeRange", ends[1]));
  }

  private static ChartRange ofFromAndTo(Request request, Instant now) {
    Instant to = request.query("to").map(text -> instant("to", text)).orElse(now);
    return request
        .query("from")
        .map(text -> ordered("from", text, instant("from", text), to))
        .orElseGet(() -> new ChartRange(to.minus(DEFAULT_LENGTH), to));
  }

  private static ChartRange ordered(String name, String value, Instant from, Instant to) {
    if (from.toEpochMilli() >= to.toEpochMilli()) {
      throw Parameters.refused(
          name,
          value,
          "must start before it ends; it starts at %s and ends at %s".formatted(from, to));
    }
    return new ChartRange(from, to);
  }

  private static Instant instant(String name, String text) {
    Instant instant;
    try {
      instant =
          text.matches("-?\\d{1,16}")
              ? Instant.ofEpochMilli(Long.parseLong(text))
              : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Parameters.refused(name, text, INSTANT_RULE);
    }
    if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
      throw Parameters.refused(name, text, INSTANT_RULE);
    }
    return instant;
  }

  private static Map<String, Duration> presets() {
    Map<String, Duration> presets = new LinkedHashMap<>();
    presets.put("5m", Duration.ofMinutes(5));
    presets.put("15m", DEFAULT_LENGTH);
    presets.put("1h", Duration.ofHours(1));
    presets.put("6h", Duration.ofHours(6));
    presets.put("24h", Duration.ofHours(24));
    presets.put("7d", Duration.ofDays(7));
    presets.put("30d", Duration.ofDays(30));
    presets.put("90d", Duration.ofDays(90));
    presets.put("1y", Duration.ofDays(365));
    return presets;
  }
}
