package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Percent-decoding of paths and queries; refuses with 400 what does not decode. */
final class Percent {
  private Percent() {}

  /**
   * Cuts a raw path into decoded segments, without empty ones and dot segments.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4">RFC 3986, 5.2.4; climbing
   *     above the root is refused here</a>
   */
  static List<String> segments(String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String raw : rawPath.split("/", -1)) {
      String segment = decode("path", raw);
      switch (segment) {
        case "", "." -> {}
        case ".." -> climb(segments);
        default -> segments.add(segment);
      }
    }
    return Collections.unmodifiableList(segments);
  }

  private static void climb(List<String> segments) {
    if (segments.isEmpty()) {
      throw Problem.of(400, "path must not climb above the root").toException();
    }
    segments.removeLast();
  }

  /** The opposite of {@link #segments} for people to read. */
  static String path(List<String> segments) {
    StringBuilder path = new StringBuilder();
    segments.forEach(segment -> path.append('/').append(segment.replace("/", "%2F")));
    return path.isEmpty() ? "/" : path.toString();
  }

  /** The parameters of a raw query, as a form has them: {@code a=1&a=2&b}. */
  static Map<String, List<String>> query(@Nullable String rawQuery) {
    if (rawQuery == null || rawQuery.isEmpty()) {
      return Map.of();
    }
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.computeIfAbsent(parameter(name), any -> new ArrayList<>()).add(parameter(value));
    }
    query.remove("");
    query.replaceAll((name, values) -> Collections.unmodifiableList(values));
    return query;
  }

  private static String parameter(String raw) {
    return decode("query", raw.replace('+', ' '));
  }

  private static String decode(String what, String raw) {
    try {
      String text = raw.indexOf('%') < 0 ? raw : UTF_8.newDecoder().decode(bytes(raw)).toString();
      if (what.equals("path") && text.chars().anyMatch(Character::isISOControl)) {
        throw Problem.of(400, "path must not contain control characters").toException();
      }
      return text;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw Problem.of(400, what + " must be percent-encoded UTF-8").toException();
    }
  }

  private static ByteBuffer bytes(String raw) {
    byte[] in = raw.getBytes(UTF_8);
    ByteBuffer out = ByteBuffer.allocate(in.length);
    for (int i = 0; i < in.length; i++) {
      out.put(in[i] == '%' ? octet(in, i) : in[i]);
      i += in[i] == '%' ? 2 : 0;
    }
    return out.flip();
  }

  private static byte octet(byte[] in, int at) {
    if (at + 2 >= in.length) {
      throw new IllegalArgumentException("cut off");
    }
    return (byte) (hex(in[at + 1]) << 4 | hex(in[at + 2]));
  }

  private static int hex(byte digit) {
    int value = Character.digit(digit, 16);
    if (value < 0) {
      throw new IllegalArgumentException("no hexadecimal digit");
    }
    return value;
  }
}
