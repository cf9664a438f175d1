package io.platformkit.core.log;

import io.platformkit.core.Bounds;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a stream: after one certain entry, or before the first one. What a reader keeps to go
 * on later.
 *
 * <p>A position is valid as long as its mark is what the stream has at its offset. The offset alone
 * would not do: a server that was restored from an older copy uses offsets again.
 *
 * @param epoch the incarnation of the stream, and after the first {@code _} which history of it,
 *     where a server has lost some: 1 to {@value #MAX_EPOCH} letters, digits, {@code _} and {@code
 *     -}
 * @param offset of the entry, more than zero; zero before the first one
 * @param mark random, made with the entry, and with the stream for offset zero; zero or more
 */
public record Position(String epoch, long offset, long mark) {
  /** Longest epoch, in characters. */
  public static final int MAX_EPOCH = 64;

  private static final Pattern TOKEN =
      Pattern.compile("([A-Za-z0-9_-]{1,64})\\.([0-9]{1,19})\\.([0-9a-f]{1,16})");

  private static final boolean[] OF_EPOCH = new boolean[128];

  static {
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
        .chars()
        .forEach(c -> OF_EPOCH[c] = true);
  }

  /**
   * Before the oldest entry that a stream has, whichever that is. Reading after it never is a gap,
   * for it claims nothing of what was trimmed.
   */
  public static final Position OLDEST = new Position("-", 0, 0);

  /** Checks. */
  public Position {
    Objects.requireNonNull(epoch, "epoch");
    if (!isEpoch(epoch)) {
      throw new IllegalArgumentException(
          "epoch was '%s' but it must be 1 to %d letters, digits, _ and -"
              .formatted(epoch, MAX_EPOCH));
    }
    requireNotNegative("offset", offset);
    requireNotNegative("mark", mark);
  }

  private static boolean isEpoch(String text) {
    boolean right = !text.isEmpty() && text.length() <= MAX_EPOCH;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right = c < OF_EPOCH.length && OF_EPOCH[c];
    }
    return right;
  }

  private static void requireNotNegative(String property, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "%s was '%d' but it must not be negative".formatted(property, value));
    }
  }

  /** Whether another one is of the same entry; its epoch may have changed since it was read. */
  public boolean isSameEntry(Position other) {
    return offset == other.offset && mark == other.mark;
  }

  /** The epoch without what follows the first {@code _}. */
  public String incarnation() {
    int end = epoch.indexOf('_');
    return end < 0 ? epoch : epoch.substring(0, end);
  }

  /** The position as text that {@link #parse} reads: {@code epoch.offset.mark}. */
  public String token() {
    return epoch + '.' + offset + '.' + Long.toHexString(mark);
  }

  /**
   * Reads a token.
   *
   * @throws IllegalArgumentException if it is not one of {@link #token}
   */
  public static Position parse(String token) {
    Objects.requireNonNull(token, "token");
    Matcher parts = TOKEN.matcher(token);
    if (parts.matches()) {
      try {
        return new Position(
            parts.group(1), Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3), 16));
      } catch (NumberFormatException tooLarge) {
        throw malformed(token, tooLarge);
      }
    }
    throw malformed(token, null);
  }

  private static IllegalArgumentException malformed(String token, @Nullable Exception cause) {
    String shown = token.length() <= Bounds.NAME_BYTES ? token : token.substring(0, 40) + "…";
    return new IllegalArgumentException(
        "position was '%s' but it must look like 'epoch.offset.mark', as token() writes it"
            .formatted(shown),
        cause);
  }

  @Override
  public String toString() {
    return token();
  }
}
