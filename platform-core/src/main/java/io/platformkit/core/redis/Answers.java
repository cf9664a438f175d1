package io.platformkit.core.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is expected of an answer. */
final class Answers {
  private Answers() {}

  static List<?> list(@Nullable Object answer) {
    return (List<?>) Objects.requireNonNull(answer, "answer");
  }

  static byte[] bytes(@Nullable Object answer) {
    return (byte[]) Objects.requireNonNull(answer, "answer");
  }

  static String text(@Nullable Object answer) {
    return new String(bytes(answer), StandardCharsets.UTF_8);
  }

  static long number(@Nullable Object answer) {
    return (Long) Objects.requireNonNull(answer, "answer");
  }

  /** A number that came as digits. */
  static long digits(@Nullable Object answer) {
    return Long.parseLong(text(answer));
  }
}
