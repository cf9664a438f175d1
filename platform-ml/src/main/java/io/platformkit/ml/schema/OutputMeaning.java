package io.platformkit.ml.schema;

import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a number among a model's outputs means.
 *
 * @param output its name
 * @param column which element of a row, from 0; empty for the first
 * @param kind how it is read
 * @param threshold the least probability of class 1 that is read as class 1, from 0 to 1; empty for
 *     0.5
 */
public record OutputMeaning(
    String output, OptionalInt column, Kind kind, OptionalDouble threshold) {
  private static final double HALF = 0.5;

  /** How a number is read. */
  public enum Kind {
    /** It is the prediction. */
    VALUE,
    /** It is the probability of class 1. */
    PROBABILITY,
    /** The logistic function of it is the probability of class 1. */
    LOGIT
  }

  public OutputMeaning {
    Objects.requireNonNull(output, "output");
    Objects.requireNonNull(kind, "kind");
  }

  /** The first element is the prediction. */
  public static OutputMeaning value(String output) {
    return new OutputMeaning(output, OptionalInt.empty(), Kind.VALUE, OptionalDouble.empty());
  }

  /** An element is the probability of class 1, which is predicted from 0.5 on. */
  public static OutputMeaning probability(String output, int column) {
    return new OutputMeaning(
        output, OptionalInt.of(column), Kind.PROBABILITY, OptionalDouble.empty());
  }

  int element() {
    return column.orElse(0);
  }

  private double least() {
    return threshold.orElse(HALF);
  }

  void addFaults(List<String> faults) {
    if (element() < 0) {
      faults.add(
          "output '%s': column was '%d' but it must be at least 0".formatted(output, element()));
    }
    if (!(least() >= 0 && least() <= 1)) {
      faults.add(
          "output '%s': threshold was '%s' but it must be from 0 to 1".formatted(output, least()));
    }
  }

  /** What a number of this output says. */
  Prediction read(double number) {
    return switch (kind) {
      case VALUE -> Prediction.of(number);
      case PROBABILITY -> Prediction.ofClass(number, least());
      case LOGIT -> Prediction.ofClass(1 / (1 + Math.exp(-number)), least());
    };
  }
}
