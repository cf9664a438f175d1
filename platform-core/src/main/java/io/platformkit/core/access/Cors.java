package io.platformkit.core.access;

import io.platformkit.core.Given;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Pages of which other origins may call with a script and read the answer: those named here, letter
 * by letter, and no others. They send tokens or keys in headers; cookies are not theirs to send.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, CORS protocol</a>
 */
public final class Cors {
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:\\d{1,5})?");
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
  private static final String HEADERS = "Authorization, Content-Type, X-API-Key";
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final Set<String> origins;

  private Cors(Set<String> origins) {
    this.origins = origins;
  }

  /**
   * Opens for these origins.
   *
   * @param origins as browsers send them: {@code https://console.example.org}, with a port where it
   *     is not the standard one
   * @throws IllegalArgumentException naming every origin that is wrong
   */
  public static Cors of(String... origins) {
    List<String> faults = new ArrayList<>();
    Given.require(faults, "origins", "[]", origins.length > 0, "at least one");
    for (String origin : origins) {
      boolean right =
          ORIGIN.matcher(origin).matches()
              && !(origin.startsWith("https:") && origin.endsWith(":443"))
              && !(origin.startsWith("http:") && origin.endsWith(":80"));
      Given.require(faults, "origin", origin, right, "scheme://host:port in lower case, no '*'");
    }
    Given.refuse(faults);
    return new Cors(new LinkedHashSet<>(List.of(origins)));
  }

  /** The answer to a browser that asks whether a page may ask; empty if the request is none. */
  public Optional<Response> preflight(Request request) {
    boolean asks =
        request.method().equals("OPTIONS")
            && request.header("Origin").isPresent()
            && request.header("Access-Control-Request-Method").isPresent();
    if (!asks) {
      return Optional.empty();
    }
    if (origin(request).isEmpty()) {
      Response no = Problem.of(403, "pages of this origin may not call").toResponse();
      return Optional.of(varied(no));
    }
    Response yes =
        Response.status(204)
            .withHeader("Access-Control-Allow-Methods", METHODS)
            .withHeader("Access-Control-Allow-Headers", HEADERS)
            .withHeader("Access-Control-Max-Age", Long.toString(REMEMBERED.toSeconds()));
    return Optional.of(opened(request, yes));
  }

  /** An answer that a page of an allowed origin may read. */
  public Response opened(Request request, Response answer) {
    return origin(request)
        .map(origin -> varied(answer).withHeader("Access-Control-Allow-Origin", origin))
        .orElseGet(() -> varied(answer));
  }

  private Optional<String> origin(Request request) {
    List<String> all = request.headers("Origin");
    return all.size() == 1
        ? Optional.of(all.getFirst()).filter(origins::contains)
        : Optional.empty();
  }

  /** Caches must not give one origin's answer to another. */
  private static Response varied(Response answer) {
    List<String> vary = new ArrayList<>(answer.headers().getOrDefault("Vary", List.of()));
    vary.add("Origin");
    return answer.withHeader("Vary", vary.toArray(String[]::new));
  }
}
