package io.platformkit.core.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of query parameters to values; whatever breaks a rule is a 400 that names it. */
final class Parameters {
  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private Parameters() {}

  static int parseInt(String name, String text, int min, int max) {
    String rule = "a whole number from %d to %d".formatted(min, max);
    try {
      int value = Integer.parseInt(text);
      return checked(name, text, rule, value, value >= min && value <= max);
    } catch (NumberFormatException e) {
      throw refused(name, text, rule);
    }
  }

  static Instant parseInstant(String name, String text) {
    String rule =
        "a moment with an offset from the year 1 to 9999, such as 2026-11-21T05:00:00Z (a plus is"
            + " written %2B)";
    try {
      OffsetDateTime value = OffsetDateTime.parse(text);
      int year = value.withOffsetSameInstant(ZoneOffset.UTC).getYear();
      return checked(name, text, rule, value.toInstant(), year >= 1 && year <= 9999);
    } catch (DateTimeException e) {
      throw refused(name, text, rule);
    }
  }

  static Duration parseDuration(String name, String text, Duration min, Duration max) {
    String rule = "a length of time from %s to %s, such as PT15M or 15m".formatted(min, max);
    try {
      Duration value = duration(text);
      boolean inside = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
      return checked(name, text, rule, value, inside);
    } catch (DateTimeException | ArithmeticException e) {
      throw refused(name, text, rule);
    }
  }

  private static Duration duration(String text) {
    Matcher brief = SHORT_DURATION.matcher(text);
    if (!brief.matches()) {
      return Duration.parse(text);
    }
    long amount = Long.parseLong(brief.group(1));
    return switch (brief.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  static <E extends Enum<E>> E parseEnum(String name, String text, Class<E> type) {
    String wanted = text.replace('-', '_');
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equalsIgnoreCase(wanted))
        .findFirst()
        .orElseThrow(() -> refused(name, text, "one of " + names(type)));
  }

  private static String names(Class<? extends Enum<?>> type) {
    return Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
  }

  private static <T> T checked(String name, String text, String rule, T value, boolean holds) {
    if (!holds) {
      throw refused(name, text, rule);
    }
    return value;
  }

  private static ProblemException refused(String name, String text, String rule) {
    return Problem.ofParameter(name, text, "must be " + rule).toException();
  }
}
