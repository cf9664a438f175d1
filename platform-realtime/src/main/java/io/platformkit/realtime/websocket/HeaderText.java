package io.platformkit.realtime.websocket;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the value of a header from left to right: tokens, quoted strings, marks (RFC 9110 §5.6).
 */
final class HeaderText {
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final String text;
  private int at;

  HeaderText(String text) {
    this.text = text;
  }

  static boolean isToken(String text) {
    return !text.isEmpty() && text.chars().allMatch(HeaderText::isTokenCharacter);
  }

  private static boolean isTokenCharacter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_MARKS.indexOf(c) >= 0;
  }

  boolean isAtEnd() {
    skipSpace();
    return at == text.length();
  }

  /** Steps over a mark, if it comes next. */
  boolean skips(char mark) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == mark) {
      at++;
      return true;
    }
    return false;
  }

  /** Steps over the empty elements that a list may have (RFC 9110 §5.6.1). */
  void skipEmptyElements() {
    boolean empty = skips(',');
    while (empty) {
      empty = skips(',');
    }
  }

  /** Whether an element of a list ends here; steps over the comma, and what is empty after it. */
  boolean endsElement() {
    boolean comma = skips(',');
    skipEmptyElements();
    return comma || isAtEnd();
  }

  /** The token that comes next; empty if something else does. */
  String token() {
    skipSpace();
    int start = at;
    while (at < text.length() && isTokenCharacter(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** The token or quoted string that comes next; empty if neither does. */
  Optional<String> tokenOrQuoted() {
    String value = skips('"') ? quoted() : token();
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      boolean escaped = c == '\\' && at < text.length();
      value.append(escaped ? text.charAt(at++) : c);
    }
    return null;
  }

  private void skipSpace() {
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }
}
