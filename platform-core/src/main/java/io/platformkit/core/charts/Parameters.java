package io.platformkit.core.charts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Rules that hold for the query parameters of every chart; whatever breaks one is a 400. */
final class Parameters {
  /** Prefix of the parameters that select by a label. */
  static final String LABEL = "label.";

  private Parameters() {}

  /**
   * The names in a query, sorted; {@code services[]} counts as {@code services}. Which characters
   * are well encoded the request has checked when it was made.
   */
  static Set<String> names(Request request) {
    String query = request.url().getRawQuery();
    return query == null
        ? Set.of()
        : Arrays.stream(query.split("&", -1))
            .map(pair -> URLDecoder.decode(pair.split("=", 2)[0], UTF_8))
            .map(name -> name.endsWith("[]") ? name.substring(0, name.length() - 2) : name)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Refuses what is not known, so that a typo is not silently a wider question, and what is given
   * twice.
   */
  static void check(Request request, Set<String> once, Set<String> repeatable) {
    for (String name : names(request)) {
      if (once.contains(name)) {
        requireOne(request, name);
      } else if (!repeatable.contains(name) && !name.startsWith(LABEL)) {
        throw unknown(request, name, once, repeatable);
      }
    }
  }

  private static void requireOne(Request request, String name) {
    int count = request.queryAll(name).size();
    if (count > 1) {
      throw refused(
          name, values(request, name), "must be given once, not %d times".formatted(count));
    }
  }

  private static ProblemException unknown(
      Request request, String name, Set<String> once, Set<String> repeatable) {
    Set<String> known = new TreeSet<>(once);
    repeatable.forEach(repeated -> known.add(repeated + "[]"));
    known.add(LABEL + "<name>");
    return refused(
        name,
        values(request, name),
        "is not a parameter of this chart; it takes %s".formatted(String.join(", ", known)));
  }

  static boolean has(Request request, String name) {
    return request.query(name).isPresent();
  }

  /** All values of a parameter, for messages. */
  static String values(Request request, String name) {
    return String.join(",", request.queryAll(name));
  }

  /** The value of a parameter that there must be. */
  static String required(Request request, String name, String rule) {
    Optional<String> value = request.query(name);
    return value.orElseThrow(() ->
        Problem.of(400, "%s was missing but it %s".formatted(name, rule))
            .with("parameter", name)
            .toException());
  }

  /** What to throw for a parameter whose value breaks a rule. */
  static ProblemException refused(String name, String value, String rule) {
    return Problem.ofParameter(name, value, rule).toException();
  }
}
