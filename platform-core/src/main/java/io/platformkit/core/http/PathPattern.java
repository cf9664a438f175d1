package io.platformkit.core.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The path of a route or the prefix of a mount. */
final class PathPattern {
  private static final Pattern VARIABLE = Pattern.compile("\\{([A-Za-z][A-Za-z0-9_]*)}");
  private static final Pattern LITERAL = Pattern.compile("[^{}%?#\\p{Cntrl}]+");

  private final String text;
  private final List<Part> parts;
  private final boolean mount;

  private PathPattern(String text, List<Part> parts, boolean mount) {
    this.text = text;
    this.parts = parts;
    this.mount = mount;
  }

  static PathPattern of(String text, boolean mount) {
    List<Part> parts = new ArrayList<>();
    for (String segment : pieces(text)) {
      Part part = Part.of(text, segment);
      if (part.variable() && parts.contains(part)) {
        throw malformed(text, "have each variable once");
      }
      parts.add(part);
    }
    return new PathPattern(text, List.copyOf(parts), mount);
  }

  private static String[] pieces(String text) {
    if (!text.startsWith("/")) {
      throw malformed(text, "start with a slash");
    }
    String inner = text.substring(1);
    if (inner.isEmpty()) {
      return new String[0];
    }
    return (inner.endsWith("/") ? inner.substring(0, inner.length() - 1) : inner).split("/", -1);
  }

  private static IllegalArgumentException malformed(String text, String rule) {
    return new IllegalArgumentException("path was '%s' but it must %s".formatted(text, rule));
  }

  boolean isMount() {
    return mount;
  }

  int size() {
    return parts.size();
  }

  boolean matches(List<String> segments) {
    if (mount ? segments.size() < parts.size() : segments.size() != parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).matches(segments.get(i))) {
        return false;
      }
    }
    return true;
  }

  Map<String, String> variables(List<String> segments) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).variable()) {
        variables.put(parts.get(i).name(), segments.get(i));
      }
    }
    return variables;
  }

  /** Equal for patterns that match the same paths. */
  String shape() {
    StringBuilder shape = new StringBuilder();
    parts.forEach(part -> shape.append('/').append(part.variable() ? "{}" : part.name()));
    return shape + (mount ? "/{}..." : "");
  }

  /** Orders by specificity, the most specific first. */
  static int bySpecificity(PathPattern one, PathPattern other) {
    return one.compare(other);
  }

  private int compare(PathPattern other) {
    for (int i = 0; i < Math.max(size(), other.size()); i++) {
      int byRank = Integer.compare(rank(i), other.rank(i));
      if (byRank != 0) {
        return byRank;
      }
    }
    return Boolean.compare(mount, other.mount);
  }

  /** Literal, variable, end: at each place the more specific first. */
  private int rank(int place) {
    if (place >= parts.size()) {
      return 2;
    }
    return parts.get(place).variable() ? 1 : 0;
  }

  @Override
  public String toString() {
    return mount ? text + " and below" : text;
  }

  private record Part(String name, boolean variable) {
    static Part of(String path, String segment) {
      var variable = VARIABLE.matcher(segment);
      if (variable.matches()) {
        return new Part(variable.group(1), true);
      }
      if (!LITERAL.matcher(segment).matches() || segment.equals(".") || segment.equals("..")) {
        throw malformed(path, "be segments and {variables}, not encoded, without '.' and '..'");
      }
      return new Part(segment, false);
    }

    boolean matches(String segment) {
      return variable || name.equals(segment);
    }
  }
}
