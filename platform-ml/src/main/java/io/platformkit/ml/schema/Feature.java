package io.platformkit.ml.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One feature: what callers may give, and how the model is given it. Made by its kind, then
 * narrowed:
 *
 * <pre>{@code
 * Feature.number("age").from(0).to(120)
 * Feature.category("plan", Map.of("free", 0.0, "paid", 1.0)).otherwise("free")
 * }</pre>
 *
 * @param name as callers write it
 * @param type what they give
 * @param input the model's input that it is a part of; empty if the model has only one
 * @param width how many elements a vector has; empty for others
 * @param codes of a category, word to number; empty for others
 * @param min smallest value allowed, of a number, a vector's elements, or days of a date
 * @param max largest value allowed
 * @param fallback taken where a caller gives nothing, or null: a number, boolean, string or list,
 *     as a caller would give it; empty if the feature must be given
 */
public record Feature(
    String name,
    FeatureType type,
    Optional<String> input,
    OptionalInt width,
    Optional<Map<String, Double>> codes,
    OptionalDouble min,
    OptionalDouble max,
    Optional<Object> fallback) {
  /** Most elements that a vector has. */
  public static final int MOST_WIDTH = 65_536;

  /** Most words that a category has. */
  public static final int MOST_CODES = 10_000;

  public Feature {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    codes = codes.map(words -> Collections.unmodifiableMap(new LinkedHashMap<>(words)));
    if (fallback.orElse(null) instanceof List<?> list) {
      fallback = Optional.of(List.copyOf(list));
    }
  }

  private static Feature of(
      String name, FeatureType type, OptionalInt width, Optional<Map<String, Double>> codes) {
    return new Feature(
        name,
        type,
        Optional.empty(),
        width,
        codes,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty());
  }

  private static Feature of(String name, FeatureType type) {
    return of(name, type, OptionalInt.empty(), Optional.empty());
  }

  /** A finite number. */
  public static Feature number(String name) {
    return of(name, FeatureType.NUMBER);
  }

  /** True or false. */
  public static Feature bool(String name) {
    return of(name, FeatureType.BOOLEAN);
  }

  /**
   * One of some words.
   *
   * @param codes word to the number that the model knows it by
   */
  public static Feature category(String name, Map<String, Double> codes) {
    return of(name, FeatureType.CATEGORY, OptionalInt.empty(), Optional.of(codes));
  }

  /** A day or a moment. */
  public static Feature date(String name) {
    return of(name, FeatureType.DATE);
  }

  /** So many finite numbers. */
  public static Feature vector(String name, int width) {
    return of(name, FeatureType.VECTOR, OptionalInt.of(width), Optional.empty());
  }

  /** Any text. */
  public static Feature text(String name) {
    return of(name, FeatureType.TEXT);
  }

  /** Values below are refused. */
  public Feature from(double min) {
    return new Feature(name, type, input, width, codes, OptionalDouble.of(min), max, fallback);
  }

  /** Values above are refused. */
  public Feature to(double max) {
    return new Feature(name, type, input, width, codes, min, OptionalDouble.of(max), fallback);
  }

  /** Taken where a caller gives nothing. */
  public Feature otherwise(Object value) {
    return new Feature(name, type, input, width, codes, min, max, Optional.of(value));
  }

  /** A part of this input; needed where a model has several. */
  public Feature in(String input) {
    return new Feature(name, type, Optional.of(input), width, codes, min, max, fallback);
  }

  /** How many elements of a row it takes. */
  int elements() {
    return width.orElse(1);
  }

  /** What is wrong with it, for {@link ModelSchema}: name, value and rule. */
  void addFaults(List<String> faults) {
    String at = "feature '" + name + "'";
    if (name.isBlank()) {
      faults.add("name of a feature was '" + name + "' but it must not be blank");
    }
    if (type == FeatureType.VECTOR) {
      if (width.orElse(0) < 1 || width.orElse(0) > MOST_WIDTH) {
        faults.add(
            "%s: width was '%d' but it must be from 1 to %d"
                .formatted(at, width.orElse(0), MOST_WIDTH));
      }
    } else if (width.isPresent()) {
      faults.add("%s: a width was given but a %s has none".formatted(at, type));
    }
    addCodesFaults(at, faults);
    if (min.isPresent() && max.isPresent() && !(min.getAsDouble() <= max.getAsDouble())) {
      faults.add(
          "%s: max was '%s' but it must be at least min, '%s'"
              .formatted(at, max.getAsDouble(), min.getAsDouble()));
    }
    boolean ranged = type == FeatureType.NUMBER || type == FeatureType.VECTOR;
    if ((min.isPresent() || max.isPresent()) && !ranged && type != FeatureType.DATE) {
      faults.add("%s: a range was given but a %s has none".formatted(at, type));
    }
    fallback.ifPresent(value -> addFallbackFaults(at, value, faults));
  }

  private void addCodesFaults(String at, List<String> faults) {
    int words = codes.map(Map::size).orElse(0);
    if (type == FeatureType.CATEGORY) {
      if (words < 1 || words > MOST_CODES) {
        faults.add(
            "%s: codes had %d words but it must have from 1 to %d"
                .formatted(at, words, MOST_CODES));
      }
    } else if (codes.isPresent()) {
      faults.add("%s: codes were given but a %s has none".formatted(at, type));
    }
  }

  private void addFallbackFaults(String at, Object value, List<String> faults) {
    FeatureReading.of(this)
        .fault(value)
        .ifPresent(rule ->
            faults.add("%s: fallback was '%s' but it must be %s".formatted(at, value, rule)));
  }
}
