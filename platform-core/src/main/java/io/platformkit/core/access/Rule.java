package io.platformkit.core.access;

import io.platformkit.core.http.Request;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What requests need whose path begins so.
 *
 * @param method one method, or {@link #READS} or {@link #CHANGES}
 * @param path segments; {@value #ANY} stands for one of any text
 */
record Rule(String method, List<String> path, Need need) {
  static final String READS = "reads";
  static final String CHANGES = "changes";

  /** The longest path first, of those the one with the most words from the left, then methods. */
  static final Comparator<Rule> MOST_SPECIFIC_FIRST =
      Comparator.comparingInt((Rule rule) -> -rule.path().size())
          .thenComparing(Rule::wildcards)
          .thenComparing(rule -> rule.isKind());

  private static final String ANY = "*";

  static Rule of(String method, String path, Need need) {
    if (!path.startsWith("/") || path.contains("//") || path.contains("%")) {
      throw new IllegalArgumentException(
          "path was '%s' but it must start with a slash and be segments, not encoded"
              .formatted(path));
    }
    return new Rule(
        method, Stream.of(path.split("/")).filter(part -> !part.isEmpty()).toList(), need);
  }

  boolean matches(Request request) {
    List<String> asked = request.segments();
    return matchesMethod(request)
        && asked.size() >= path.size()
        && IntStream.range(0, path.size())
            .allMatch(i -> path.get(i).equals(ANY) || path.get(i).equals(asked.get(i)));
  }

  private boolean matchesMethod(Request request) {
    return switch (method) {
      case READS -> !Methods.change(request);
      case CHANGES -> Methods.change(request);
      default -> method.equals(Methods.of(request));
    };
  }

  private boolean isKind() {
    return method.equals(READS) || method.equals(CHANGES);
  }

  private String wildcards() {
    StringBuilder order = new StringBuilder();
    path.forEach(part -> order.append(part.equals(ANY) ? '1' : '0'));
    return order.toString();
  }

  boolean sameAs(Rule other) {
    return method.equals(other.method) && path.equals(other.path);
  }

  @Override
  public String toString() {
    return method + " /" + String.join("/", path);
  }
}
