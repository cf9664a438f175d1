package io.platformkit.core;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The bounds that every port sets to what it is given, and their messages. */
public final class Bounds {
  /** Longest name of a namespace, key, stream, topic or lease, in bytes of UTF-8. */
  public static final int NAME_BYTES = 512;

  /** Largest value or entry that a port takes unless the host allows more: 1 MiB. */
  public static final int VALUE_BYTES = 1 << 20;

  /** The order of names: by the bytes of their UTF-8, which is the order of code points. */
  public static final Comparator<String> NAME_ORDER = Bounds::compareNames;

  private Bounds() {}

  /**
   * Checks a name: well-formed Unicode of 1 to {@value #NAME_BYTES} bytes of UTF-8, without NUL.
   *
   * @param property what the name is of: {@code "key"}
   * @return the name in UTF-8
   * @throws IllegalArgumentException naming property, value and rule
   */
  public static byte[] requireName(String property, String name) {
    Objects.requireNonNull(name, property);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "%s was '' but it must have 1 to %d bytes of UTF-8".formatted(property, NAME_BYTES));
    }
    return requireText(property, name);
  }

  /** As {@link #requireName}, and may be empty: the prefix of a name. */
  public static byte[] requirePrefix(String property, String prefix) {
    Objects.requireNonNull(prefix, property);
    return requireText(property, prefix);
  }

  private static byte[] requireText(String property, String text) {
    if (text.length() > NAME_BYTES) {
      throw new IllegalArgumentException(
          "%s had %d characters but it must have at most %d bytes of UTF-8"
              .formatted(property, text.length(), NAME_BYTES));
    }
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "%s was '%s' but it must not contain NUL".formatted(property, text.replace("\0", "\\0")));
    }
    byte[] bytes = encode(property, text);
    if (bytes.length > NAME_BYTES) {
      throw new IllegalArgumentException(
          "%s had %d bytes of UTF-8 but it must have at most %d"
              .formatted(property, bytes.length, NAME_BYTES));
    }
    return bytes;
  }

  private static byte[] encode(String property, String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "%s was '%s' but it must be well-formed Unicode, without lone surrogates"
              .formatted(property, text),
          e);
    }
  }

  /**
   * Checks the size of a value; an empty one is a value.
   *
   * @param property what the value is: {@code "value of key 'a'"}
   * @param maxBytes the bound
   * @return the value
   * @throws IllegalArgumentException naming property, size and bound
   */
  public static byte[] requireValue(String property, byte[] value, int maxBytes) {
    Objects.requireNonNull(value, property);
    if (value.length > maxBytes) {
      throw new IllegalArgumentException(
          "%s had %d bytes but it must have at most %d"
              .formatted(property, value.length, maxBytes));
    }
    return value;
  }

  /**
   * Checks the size of several values together.
   *
   * @param property what they are: {@code "batch"}
   * @param maxBytes the bound
   * @throws IllegalArgumentException naming property, size and bound
   */
  public static void requireTotal(String property, List<byte[]> values, int maxBytes) {
    long total = 0;
    for (byte[] value : values) {
      total += value.length;
    }
    if (total > maxBytes) {
      throw new IllegalArgumentException(
          "%s had %d bytes in all but it must have at most %d"
              .formatted(property, total, maxBytes));
    }
  }

  /**
   * Checks a length of time, both ends included.
   *
   * @throws IllegalArgumentException naming property, value and range
   */
  public static Duration requireSpan(
      String property, Duration span, Duration shortest, Duration longest) {
    Objects.requireNonNull(span, property);
    if (span.compareTo(shortest) < 0 || span.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "%s was '%s' but it must be from %s to %s".formatted(property, span, shortest, longest));
    }
    return span;
  }

  /**
   * Checks a count, both ends included.
   *
   * @throws IllegalArgumentException naming property, value and range
   */
  public static int requireCount(String property, int count, int least, int most) {
    if (count < least || count > most) {
      throw new IllegalArgumentException(
          "%s was '%d' but it must be from %d to %d".formatted(property, count, least, most));
    }
    return count;
  }

  /** UTF-16 puts the surrogates of large code points before U+E000; UTF-8 puts them last. */
  private static int compareNames(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
        boolean large = x >= Character.MIN_SURROGATE && y >= Character.MIN_SURROGATE;
        return surrogates && large ? Character.compare(y, x) : Character.compare(x, y);
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
