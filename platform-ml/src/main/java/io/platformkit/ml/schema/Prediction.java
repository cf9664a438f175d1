package io.platformkit.ml.schema;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a model says of one row.
 *
 * @param value the number, or the class: 0 or 1
 * @param probability of class 1, from 0 to 1; empty if the model does not classify
 */
public record Prediction(double value, OptionalDouble probability) {
  private static final double HIGH = 0.9;
  private static final double MEDIUM = 0.7;

  /** How sure a classifier is. */
  public enum ConfidenceLevel {
    /** Below 0.7. */
    LOW,
    /** From 0.7. */
    MEDIUM,
    /** From 0.9. */
    HIGH
  }

  /** A number. */
  public static Prediction of(double value) {
    return new Prediction(value, OptionalDouble.empty());
  }

  /** A class: 1 if its probability is at least the threshold. */
  public static Prediction ofClass(double probability, double threshold) {
    return new Prediction(probability >= threshold ? 1 : 0, OptionalDouble.of(probability));
  }

  /** The probability of the class that was predicted. */
  public OptionalDouble confidence() {
    return probability.isEmpty()
        ? probability
        : OptionalDouble.of(value == 1 ? probability.getAsDouble() : 1 - probability.getAsDouble());
  }

  /** The confidence in a word. */
  public Optional<ConfidenceLevel> confidenceLevel() {
    OptionalDouble sure = confidence();
    if (sure.isEmpty()) {
      return Optional.empty();
    }
    if (sure.getAsDouble() >= HIGH) {
      return Optional.of(ConfidenceLevel.HIGH);
    }
    return Optional.of(sure.getAsDouble() >= MEDIUM ? ConfidenceLevel.MEDIUM : ConfidenceLevel.LOW);
  }
}
