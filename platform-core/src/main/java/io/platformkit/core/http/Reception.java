package io.platformkit.core.http;

import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What every server does between a request's head and its body, so that an endpoint sees the same
 * on each of them; for servers. Immutable and safe for concurrent use.
 */
public final class Reception {
  private static final Set<String> VERSIONS = Set.of("HTTP/1.0", "HTTP/1.1");

  private final int maxTargetLength;
  private final Origin origin;

  private Reception(int maxTargetLength, Origin origin) {
    this.maxTargetLength = maxTargetLength;
    this.origin = origin;
  }

  /**
   * Makes one for all requests of a server.
   *
   * @param maxTargetLength longest request target, in characters
   * @param trustedProxies whose {@code X-Forwarded-*} headers are believed
   */
  public static Reception of(int maxTargetLength, Predicate<InetAddress> trustedProxies) {
    return new Reception(maxTargetLength, new Origin(trustedProxies));
  }

  /**
   * Starts the request that a head begins, with everything but its body.
   *
   * @throws ProblemException 505 if the version is not HTTP/1.0 or 1.1, 414 if the target is too
   *     long, 400 if the head is malformed or has not exactly one Host, which HTTP/1.0 may leave
   *     out
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2">RFC 9112, 3.2</a>
   */
  public Request.Builder begin(RequestHead head) {
    if (!VERSIONS.contains(head.version())) {
      throw Problem.of(505, "this server speaks HTTP/1.1").toException();
    }
    if (head.target().length() > maxTargetLength) {
      throw Problem.of(414, "request target must have at most " + maxTargetLength + " characters")
          .toException();
    }
    Request.Builder request = start(head).peer(origin.peer(head));
    head.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
    return request;
  }

  private Request.Builder start(RequestHead head) {
    try {
      return Request.builder(head.method(), origin.url(head));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(Problem.of(400, "request line is malformed"), e);
    }
  }

  /** What a server answers that refuses a request itself; 503 asks to come back in a second. */
  public static Response refusal(Problem problem) {
    Response response = problem.toResponse().withHeader("X-Content-Type-Options", "nosniff");
    return problem.status() == 503 ? response.withHeader("Retry-After", "1") : response;
  }
}
