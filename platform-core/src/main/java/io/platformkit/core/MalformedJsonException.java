package io.platformkit.core;

import org.jspecify.annotations.Nullable;

/**
 * A document that {@link Json} refused. The message says where and which rule was broken, with at
 * most a few characters of the document: {@code $.items[2].price (line 3, column 14): "abc" is not
 * a number}.
 */
public final class MalformedJsonException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final int line;
  private final int column;
  private final String rule;

  MalformedJsonException(
      String path, int line, int column, String rule, @Nullable Throwable cause) {
    super("%s (line %d, column %d): %s".formatted(path, line, column, rule), cause);
    this.path = path;
    this.line = line;
    this.column = column;
    this.rule = rule;
  }

  /** Where in the document, {@code $} being all of it: {@code $.items[2].price}. */
  public String path() {
    return path;
  }

  /** Counts from 1. */
  public int line() {
    return line;
  }

  /** Counts from 1, in bytes if bytes were decoded, otherwise in characters. */
  public int column() {
    return column;
  }

  /** What the document should have been, for whoever sent it. */
  public String rule() {
    return rule;
  }
}
