package io.platformkit.core.http;

import java.util.regex.Pattern;

/** What may stand in a message's head, so that no value can end its line. */
final class Syntax {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

  private Syntax() {}

  /**
   * A name in a message's head.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2">RFC 9110, 5.6.2</a>
   */
  static String requireToken(String property, String text) {
    if (!TOKEN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          property + " must be a token of RFC 9110 of at most 256 characters");
    }
    return text;
  }

  /** A header's value; the value itself may be secret and is not in the message. */
  static String requireValue(String header, String text) {
    if (!VALUE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "value of header '%s' must be printable ASCII; encode anything else".formatted(header));
    }
    return text;
  }
}
