package io.platformkit.realtime.server;

import io.platformkit.core.access.Cors;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.util.Optional;
import java.util.Set;

/**
 * From which pages browsers may connect: those of the server's own origin, and of a list. A client
 * that names none is no browser. Safe for concurrent use.
 */
final class Origins {
  private final Set<String> allowed;
  private final boolean required;
  private final Optional<Cors> cors;

  /**
   * A rule.
   *
   * @param allowed exactly as browsers write them: {@code https://example.org}
   * @param required whether a client must name one
   */
  Origins(Set<String> allowed, boolean required) {
    this.allowed = Set.copyOf(allowed);
    this.required = required;
    cors =
        allowed.isEmpty() ? Optional.empty() : Optional.of(Cors.of(allowed.toArray(String[]::new)));
  }

  boolean allow(Request request) {
    Optional<String> origin = request.header("Origin");
    if (origin.isEmpty()) {
      return !required;
    }
    return request.headers("Origin").size() == 1
        && (allowed.contains(origin.get()) || origin.get().equals(request.origin()));
  }

  /** An answer that pages of the list may read. */
  Response opened(Request request, Response answer) {
    return cors.map(open -> open.opened(request, answer)).orElse(answer);
  }

  /** What a browser is told that asks whether a page may call. */
  Response preflight(Request request) {
    return cors.flatMap(open -> open.preflight(request))
        .orElseGet(() -> Response.status(204).withHeader("Allow", "GET, OPTIONS, POST"));
  }
}
