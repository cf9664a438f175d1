package io.platformkit.core;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says Jackson's failures in our words: path, place and rule, and little of the document. */
final class JsonFailure {
  /** Most characters of the document that a message repeats. */
  static final int MAX_EXCERPT = 32;

  private static final int MAX_PATH = 200;
  private static final int MAX_RULE = 200;

  /** What some of Jackson's messages, known by their beginning, mean to the sender. */
  private static final Map<String, String> RULES =
      Map.of(
          "No content to map", "must not be empty",
          "Trailing token", "must end after its value",
          "Missing required creator property", "must be present");

  /** Hints at Jackson's own switches and places, which mean nothing to the sender. */
  private static final Pattern JARGON =
      Pattern.compile(
          " ?\\((?:set|enable|for|from|start|through|although|token)[^)]*\\)?\\)"
              + "|, from `[^`]*`|: enable `[^`]*` to allow|\\R(?s:.*)");

  private static final Pattern LONG_QUOTE =
      Pattern.compile("(\"[^\"]{" + MAX_EXCERPT + "})[^\"]+\"");

  private JsonFailure() {}

  static MalformedJsonException of(JacksonException failure, JsonParser parser) {
    TokenStreamLocation place =
        Optional.ofNullable(failure.getLocation()).orElseGet(parser::currentLocation);
    String path = path(failure.getPath());
    String reached = path(parser.streamReadContext());
    return new MalformedJsonException(
        reached.startsWith(path) ? reached : path,
        Math.max(1, place.getLineNr()),
        Math.max(1, place.getColumnNr()),
        rule(failure),
        failure instanceof ValueInstantiationException ? failure.getCause() : null);
  }

  private static String rule(JacksonException failure) {
    String message = String.valueOf(failure.getOriginalMessage());
    if (failure instanceof UnexpectedEndOfInputException) {
      return "ends too early";
    }
    for (Map.Entry<String, String> known : RULES.entrySet()) {
      if (message.startsWith(known.getKey())) {
        return known.getValue();
      }
    }
    if (failure instanceof InvalidFormatException wrong && wrong.getTargetType() != null) {
      return "\"%s\" is not %s"
          .formatted(excerpt(String.valueOf(wrong.getValue())), nameOf(wrong.getTargetType()));
    }
    if (failure.getClass() == MismatchedInputException.class
        && ((MismatchedInputException) failure).getTargetType() != null) {
      return "must be " + nameOf(((MismatchedInputException) failure).getTargetType());
    }
    if (failure instanceof ValueInstantiationException && failure.getCause() != null) {
      return clean(failure.getCause().getMessage());
    }
    return clean(message);
  }

  private static String nameOf(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .limit(16)
          .map(constant -> ((Enum<?>) constant).name())
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type.getName().startsWith("java.time.")) {
      return "the ISO-8601 text of " + type.getSimpleName();
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer", "OptionalInt" -> "a whole number in the range of int";
      case "long", "Long", "OptionalLong" -> "a whole number in the range of long";
      case "short", "Short" -> "a whole number in the range of short";
      case "byte", "Byte" -> "a whole number in the range of byte";
      case "BigInteger" -> "a whole number";
      case "double", "Double", "float", "Float", "BigDecimal", "OptionalDouble" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "String" -> "text";
      default -> {
        if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
          yield "an array";
        }
        yield type.getName().startsWith("java.") && !Map.class.isAssignableFrom(type)
            ? "the text of " + type.getSimpleName()
            : "an object";
      }
    };
  }

  /** Jackson's message without its jargon, long quotes and control characters, bounded. */
  static String clean(@Nullable String message) {
    String plain = JARGON.matcher(String.valueOf(message)).replaceAll("");
    return bound(LONG_QUOTE.matcher(plain).replaceAll("$1…\""), MAX_RULE);
  }

  private static String excerpt(String text) {
    return bound(text, MAX_EXCERPT);
  }

  private static String bound(String text, int length) {
    String cut = text.length() <= length ? text : text.substring(0, length) + "…";
    return cut.chars()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  static String path(List<JacksonException.Reference> steps) {
    StringBuilder path = new StringBuilder("$");
    for (JacksonException.Reference step : steps) {
      if (step.getPropertyName() != null) {
        path.append('.').append(excerpt(step.getPropertyName()));
      } else if (step.getIndex() >= 0) {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return bound(path.toString(), MAX_PATH);
  }

  private static String path(@Nullable TokenStreamContext innermost) {
    Deque<String> steps = new ArrayDeque<>();
    for (TokenStreamContext at = innermost; at != null; at = at.getParent()) {
      if (at.inArray() && at.hasCurrentIndex()) {
        steps.addFirst("[" + at.getCurrentIndex() + "]");
      } else if (at.inObject() && at.hasCurrentName()) {
        steps.addFirst("." + excerpt(at.currentName()));
      }
    }
    return bound("$" + String.join("", steps), MAX_PATH);
  }
}
