package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The bounds of named facts. */
final class Facts {
  /** Most metrics, hyper-parameters or tags of a version. */
  static final int MAX_COUNT = 200;

  private Facts() {}

  static <V> Map<String, V> sorted(Map<String, V> facts) {
    return Collections.unmodifiableMap(new TreeMap<>(facts));
  }

  static Map<String, String> requireTexts(String property, Map<String, String> texts) {
    requireNames(property, texts);
    texts.forEach((name, text) -> Bounds.requirePrefix("%s '%s'".formatted(property, name), text));
    return sorted(texts);
  }

  static Map<String, Double> requireNumbers(String property, Map<String, Double> numbers) {
    requireNames(property, numbers);
    numbers.forEach((name, number) -> {
      if (!Double.isFinite(number)) {
        throw new IllegalArgumentException(
            "%s '%s' was '%s' but it must be finite".formatted(property, name, number));
      }
    });
    return sorted(numbers);
  }

  private static void requireNames(String property, Map<String, ?> facts) {
    Bounds.requireCount("number of " + property, facts.size(), 0, MAX_COUNT);
    facts.keySet().forEach(name -> Bounds.requireName("name of " + property, name));
  }
}
