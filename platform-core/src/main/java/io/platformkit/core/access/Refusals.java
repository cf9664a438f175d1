package io.platformkit.core.access;

import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Response;
import java.time.Duration;

/** What callers are told; never why their credentials are wrong. */
final class Refusals {
  private final String challenge;

  Refusals(String realm) {
    challenge = "Bearer realm=\"" + realm + "\"";
  }

  /** Nothing was shown. */
  Response unknown() {
    return Problem.of(401, "credentials are needed")
        .toResponse()
        .withHeader("WWW-Authenticate", challenge);
  }

  /**
   * What was shown is not right.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, 3</a>
   */
  Response refused() {
    return Problem.of(401, "the credentials are not valid")
        .toResponse()
        .withHeader("WWW-Authenticate", challenge + ", error=\"invalid_token\"");
  }

  Response throttled(Duration retryAfter) {
    long seconds = Math.max(1, retryAfter.plusMillis(999).toSeconds());
    return Problem.of(429, "too many wrong credentials came from this address")
        .toResponse()
        .withHeader("Retry-After", Long.toString(seconds));
  }

  Response ambiguous() {
    return Problem.of(400, "a request must show its credentials once").toResponse();
  }

  Response foreign() {
    return Problem.of(403, "with a cookie, a change must come from the same origin").toResponse();
  }

  Response unavailable() {
    return Problem.of(503, "credentials cannot be checked now")
        .toResponse()
        .withHeader("Retry-After", "1");
  }
}
