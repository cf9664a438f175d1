package io.platformkit.ml.schema;

/**
 * One feature that a model can't take.
 *
 * @param feature its name
 * @param given the value, shortened; {@code "nothing"} if there was none
 * @param expected the rule: {@code "a number from 0.0 to 120.0"}
 */
public record FeatureFault(String feature, String given, String expected) {
  /** For messages: name, value and rule. */
  @Override
  public String toString() {
    return "feature '%s' was %s but it must be %s".formatted(feature, given, expected);
  }
}
