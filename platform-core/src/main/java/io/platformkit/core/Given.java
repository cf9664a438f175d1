package io.platformkit.core;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What every builder does with the options it is given. */
public final class Given {
  private Given() {}

  /**
   * Refuses an option that was given before.
   *
   * @param given the options so far; the builder's own
   * @throws IllegalStateException naming the option
   */
  public static void once(Set<String> given, String property) {
    if (!given.add(property)) {
      throw new IllegalStateException(property + " was already set");
    }
  }

  /**
   * As {@link #once(Set, String)}, of an option that must not be null.
   *
   * @return the value
   */
  public static <T> T once(Set<String> given, String property, T value) {
    once(given, property);
    return Objects.requireNonNull(value, property);
  }

  /**
   * Adds a fault that names the property, the value and the rule, unless the value is right.
   *
   * @param rule what the value must be: {@code "at least 1"}
   */
  public static void require(
      List<String> faults, String property, Object value, boolean right, String rule) {
    if (!right) {
      faults.add("%s was '%s' but it must be %s".formatted(property, value, rule));
    }
  }

  /** Adds a fault unless a number is in the range, both ends included. */
  public static void requireCount(
      List<String> faults, String property, int count, int least, int most) {
    String rule = "from %d to %d".formatted(least, most);
    require(faults, property, count, count >= least && count <= most, rule);
  }

  /** Adds a fault unless a length of time is in the range, both ends included. */
  public static void requireSpan(
      List<String> faults, String property, Duration span, Duration shortest, Duration longest) {
    boolean right = span.compareTo(shortest) >= 0 && span.compareTo(longest) <= 0;
    require(faults, property, span, right, "from %s to %s".formatted(shortest, longest));
  }

  /**
   * Refuses all faults together, if there are any.
   *
   * @throws IllegalArgumentException with every fault in its message
   */
  public static void refuse(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }
}
