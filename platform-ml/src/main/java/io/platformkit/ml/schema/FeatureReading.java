package io.platformkit.ml.schema;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns what a caller gives for a feature into numbers. Immutable. */
final class FeatureReading {
  private static final double DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final int SHOWN = 64;

  private final Feature feature;
  private final String rule;

  private FeatureReading(Feature feature) {
    this.feature = feature;
    this.rule = rule(feature);
  }

  static FeatureReading of(Feature feature) {
    return new FeatureReading(feature);
  }

  private static String rule(Feature feature) {
    return switch (feature.type()) {
      case NUMBER -> "a finite number" + range(feature);
      case BOOLEAN -> "true or false";
      case CATEGORY -> "one of " + shortened(new TreeSet<>(codes(feature).keySet()).toString());
      case DATE -> "a day as 2026-11-21, or a moment with an offset" + dates(feature);
      case VECTOR -> "a list of %d finite numbers%s".formatted(feature.elements(), range(feature));
      case TEXT -> "a text";
    };
  }

  private static Map<String, Double> codes(Feature feature) {
    return feature.codes().orElse(Map.of());
  }

  private static String range(Feature feature) {
    String from = feature.min().isPresent() ? " from " + feature.min().getAsDouble() : "";
    return from + (feature.max().isPresent() ? " to " + feature.max().getAsDouble() : "");
  }

  private static String dates(Feature feature) {
    String from = feature.min().isPresent() ? " from " + day(feature.min()) : "";
    return from + (feature.max().isPresent() ? " to " + day(feature.max()) : "");
  }

  private static LocalDate day(OptionalDouble days) {
    return LocalDate.ofEpochDay((long) days.getAsDouble());
  }

  Feature feature() {
    return feature;
  }

  /** What would be right. */
  String rule() {
    return rule;
  }

  /** The rule, if the value breaks it. */
  Optional<String> fault(Object value) {
    boolean right =
        switch (feature.type()) {
          case TEXT -> value instanceof String;
          case VECTOR -> isVector(value);
          default -> !Double.isNaN(number(value));
        };
    return right ? Optional.empty() : Optional.of(rule);
  }

  /** As the message shows it. */
  static String shown(@Nullable Object value) {
    return value == null ? "nothing" : "'" + shortened(value.toString()) + "'";
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  /** What a value is to the model; NaN if the rule does not allow it. */
  double number(@Nullable Object value) {
    return switch (feature.type()) {
      case NUMBER -> element(value);
      case BOOLEAN -> value instanceof Boolean is ? (is ? 1 : 0) : Double.NaN;
      case CATEGORY ->
          value instanceof String word ? codes(feature).getOrDefault(word, Double.NaN) : Double.NaN;
      case DATE -> value instanceof String text ? within(days(text)) : Double.NaN;
      case VECTOR, TEXT -> throw new IllegalStateException(feature.type() + " is no number");
    };
  }

  /** What an element of a vector is to the model; NaN if the rule does not allow it. */
  double element(@Nullable Object value) {
    double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
    return within(number);
  }

  private double within(double number) {
    boolean right =
        Double.isFinite(number)
            && number >= feature.min().orElse(Double.NEGATIVE_INFINITY)
            && number <= feature.max().orElse(Double.POSITIVE_INFINITY);
    return right ? number : Double.NaN;
  }

  private static double days(String text) {
    try {
      if (text.indexOf('T') < 0) {
        return LocalDate.parse(text).toEpochDay();
      }
      Instant moment = OffsetDateTime.parse(text).toInstant();
      return moment.toEpochMilli() / DAY_MILLIS;
    } catch (DateTimeException | ArithmeticException notOne) {
      return Double.NaN;
    }
  }

  private boolean isVector(@Nullable Object value) {
    if (!(value instanceof List<?> list) || list.size() != feature.elements()) {
      return false;
    }
    return list.stream().noneMatch(each -> Double.isNaN(element(each)));
  }
}
