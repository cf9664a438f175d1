package io.platformkit.core.timeseries;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A question to a {@link MetricStore}: which metric, which labels, which range, in which steps.
 * Immutable and comparable by value, so that answers can be cached.
 *
 * <pre>{@code
 * MetricQuery.builder("http.latency", from, to)
 *     .label("service", "checkout")
 *     .step(Duration.ofMinutes(5), Aggregation.P99)
 *     .build();
 * }</pre>
 *
 * @param metric the metric's name
 * @param labels for each label the values that match, at least one; a series matches if all labels
 *     do
 * @param from first millisecond of the range
 * @param to first millisecond after the range; both are cut off to the millisecond, and within
 *     100,000,000 days of the epoch
 * @param step of how the range is cut, aligned to the epoch and half-open: the first step may begin
 *     before the range, whose samples alone count; empty for raw samples
 * @param aggregation how a step's samples become one value; for raw samples it means nothing
 * @param maxPoints point budget of each series: LTTB selects as many when there are more
 */
public record MetricQuery(
    String metric,
    Map<String, Set<String>> labels,
    Instant from,
    Instant to,
    Optional<Duration> step,
    Aggregation aggregation,
    int maxPoints) {
  /** The default point budget: one point a pixel of a common screen. */
  public static final int DEFAULT_MAX_POINTS = 1920;

  /** Largest point budget. */
  public static final int LARGEST_MAX_POINTS = 1_000_000;

  /** Most steps in a range. */
  public static final long MAX_STEPS = 10_000_000;

  private static final Duration LARGEST_STEP = Duration.ofMillis(Times.LARGEST);

  /** Checks and copies. */
  public MetricQuery {
    SeriesKey.requireName("metric", metric);
    labels = copy(labels);
    from = Times.requireTime("from", from);
    to = Times.requireTime("to", to);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "to was '%s' but it must be after from, '%s'".formatted(to, from));
    }
    if (maxPoints < 2 || maxPoints > LARGEST_MAX_POINTS) {
      throw new IllegalArgumentException(
          "maxPoints was '%d' but it must be from 2 to %d"
              .formatted(maxPoints, LARGEST_MAX_POINTS));
    }
    if (step.isPresent()) {
      requireStep(step.get(), from, to);
    }
  }

  private static Map<String, Set<String>> copy(Map<String, Set<String>> labels) {
    Map<String, Set<String>> copy = new TreeMap<>();
    labels.forEach((name, values) -> {
      if (values.isEmpty()) {
        throw new IllegalArgumentException(
            "label '" + name + "' had no values but it must have at least 1");
      }
      copy.put(name, Collections.unmodifiableSet(new TreeSet<>(values)));
    });
    return Collections.unmodifiableMap(copy);
  }

  private static void requireStep(Duration step, Instant from, Instant to) {
    if (!step.isPositive()
        || step.compareTo(LARGEST_STEP) > 0
        || step.toNanosPart() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "step was '%s' but it must be a whole number of milliseconds, from 1 ms to %s"
              .formatted(step, LARGEST_STEP));
    }
    if ((to.toEpochMilli() - from.toEpochMilli()) / step.toMillis() > MAX_STEPS) {
      throw new IllegalArgumentException(
          "step was '%s' but it must cut the range into at most %d steps"
              .formatted(step, MAX_STEPS));
    }
  }

  /** Starts a query for the raw samples of {@code [from, to)}. */
  public static Builder builder(String metric, Instant from, Instant to) {
    return new Builder(metric, from, to);
  }

  /** Whether a series with these labels is asked for. */
  public boolean matches(SeriesKey key) {
    return key.metric().equals(metric)
        && labels.entrySet().stream()
            .allMatch(label -> {
              String value = key.labels().get(label.getKey());
              return value != null && label.getValue().contains(value);
            });
  }

  /** Collects the parts of a query; for one thread. */
  public static final class Builder {
    private final String metric;
    private final Instant from;
    private final Instant to;
    private final Map<String, Set<String>> labels = new TreeMap<>();
    private @Nullable Duration step;
    private Aggregation aggregation = Aggregation.AVG;
    private int maxPoints = DEFAULT_MAX_POINTS;

    private Builder(String metric, Instant from, Instant to) {
      this.metric = metric;
      this.from = from;
      this.to = to;
    }

    /** Only series whose label has this value. Default: all series of the metric. */
    public Builder label(String name, String value) {
      return label(name, Set.of(value));
    }

    /** Only series whose label has one of these values. */
    public Builder label(String name, Collection<String> values) {
      if (labels.put(name, new TreeSet<>(values)) != null) {
        throw new IllegalStateException("label '" + name + "' was already set");
      }
      return this;
    }

    /** One value for each step. Default: the raw samples. */
    public Builder step(Duration step, Aggregation aggregation) {
      if (this.step != null) {
        throw new IllegalStateException("step was already set to " + this.step);
      }
      this.step = step;
      this.aggregation = aggregation;
      return this;
    }

    /** Point budget of each series. Default: {@value #DEFAULT_MAX_POINTS}. */
    public Builder maxPoints(int maxPoints) {
      this.maxPoints = maxPoints;
      return this;
    }

    /** Checks everything. */
    public MetricQuery build() {
      return new MetricQuery(
          metric, labels, from, to, Optional.ofNullable(step), aggregation, maxPoints);
    }
  }
}
