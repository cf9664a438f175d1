package io.platformkit.core.charts;

import io.platformkit.core.http.Request;
import io.platformkit.core.timeseries.Aggregation;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a chart asks for, whatever its metrics: the parameters that all charts share, checked. */
record ChartRequest(
    ChartRange range,
    Map<String, Set<String>> labels,
    Optional<Duration> step,
    Aggregation aggregation,
    OptionalInt points) {
  /** Parameters of every chart that may be given once. */
  static final Set<String> ONCE =
      Set.of("preset", "timeRange", "from", "to", "step", "aggregation", "points");

  /** Parameters of every chart that may be repeated. */
  static final Set<String> REPEATABLE = Set.of("services", "regions");

  private static final int MAX_POINTS = 100_000;
  private static final int MAX_VALUES = 100;
  private static final Duration LONGEST_STEP = Duration.ofDays(366);

  static ChartRequest of(Request request, Instant now) {
    ChartRange range = ChartRange.of(request, now);
    Optional<Duration> step = step(request, range);
    return new ChartRequest(
        range,
        labels(request),
        step,
        aggregation(request, step),
        request.queryInt("points", 2, MAX_POINTS));
  }

  /** The question for one metric. */
  MetricQuery query(String metric, int maxPoints) {
    MetricQuery.Builder query =
        MetricQuery.builder(metric, range.from(), range.to()).maxPoints(maxPoints);
    labels.forEach(query::label);
    step.ifPresent(length -> query.step(length, aggregation));
    return query.build();
  }

  /** A metric's name, checked as the store would. */
  static String metric(String parameter, String name) {
    try {
      return SeriesKey.of(name).metric();
    } catch (IllegalArgumentException e) {
      throw Parameters.refused(
          parameter,
          name,
          "must name a metric: not blank, at most %d characters, no control characters"
              .formatted(SeriesKey.MAX_TEXT));
    }
  }

  private static Map<String, Set<String>> labels(Request request) {
    Map<String, Set<String>> labels = new TreeMap<>();
    addLabel(labels, request, "services", "service");
    addLabel(labels, request, "regions", "region");
    for (String name : Parameters.names(request)) {
      if (name.startsWith(Parameters.LABEL)) {
        addLabel(labels, request, name, name.substring(Parameters.LABEL.length()));
      }
    }
    if (labels.size() > SeriesKey.MAX_LABELS) {
      throw Parameters.refused(
          "label.<name>",
          labels.keySet().toString(),
          "must be at most %d".formatted(SeriesKey.MAX_LABELS));
    }
    return labels;
  }

  private static void addLabel(
      Map<String, Set<String>> labels, Request request, String parameter, String label) {
    List<String> values = request.queryAll(parameter);
    if (values.isEmpty()) {
      return;
    }
    if (label.isBlank()) {
      throw Parameters.refused(
          parameter, Parameters.values(request, parameter), "must name a label: label.<name>");
    }
    if (values.size() > MAX_VALUES) {
      throw Parameters.refused(
          parameter,
          Parameters.values(request, parameter),
          "must be given at most %d times, not %d".formatted(MAX_VALUES, values.size()));
    }
    labels.computeIfAbsent(label, any -> new TreeSet<>()).addAll(values);
  }

  private static Optional<Duration> step(Request request, ChartRange range) {
    Optional<Duration> step = request.queryDuration("step", Duration.ofMillis(1), LONGEST_STEP);
    step.ifPresent(length -> checkStep(request.query("step").orElseThrow(), length, range));
    return step;
  }

  private static void checkStep(String text, Duration step, ChartRange range) {
    if (step.toNanosPart() % 1_000_000 != 0) {
      throw Parameters.refused("step", text, "must be whole milliseconds");
    }
    long millis = range.to().toEpochMilli() - range.from().toEpochMilli();
    if (millis / step.toMillis() > MetricQuery.MAX_STEPS) {
      throw Parameters.refused(
          "step",
          text,
          "must cut the range of %s into at most %d steps"
              .formatted(Duration.ofMillis(millis), MetricQuery.MAX_STEPS));
    }
  }

  private static Aggregation aggregation(Request request, Optional<Duration> step) {
    Optional<String> word = request.query("aggregation");
    if (word.isEmpty()) {
      return Aggregation.AVG;
    }
    Aggregation aggregation =
        Stream.of(Aggregation.values())
            .filter(value -> wordFor(value).equals(word.get()))
            .findFirst()
            .orElseThrow(() ->
                Parameters.refused(
                    "aggregation", word.get(), "must be one of %s".formatted(aggregationWords())));
    if (step.isEmpty()) {
      throw Parameters.refused(
          "aggregation", word.get(), "must come with step, the length that it aggregates: step=5m");
    }
    return aggregation;
  }

  private static String aggregationWords() {
    return Stream.of(Aggregation.values())
        .map(ChartRequest::wordFor)
        .collect(Collectors.joining(", "));
  }

  /** The word for it in parameters and answers. */
  static String wordFor(Aggregation aggregation) {
    return aggregation.name().toLowerCase(Locale.ROOT);
  }
}
