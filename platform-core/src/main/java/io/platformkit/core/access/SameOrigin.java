package io.platformkit.core.access;

import io.platformkit.core.http.Request;
import java.util.Optional;

/**
 * Whether a page of our own origin sent a request. A browser says so, and no page can make it lie;
 * who says nothing is not believed.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata Request Headers</a>
 */
final class SameOrigin {
  private SameOrigin() {}

  static boolean isClaimedBy(Request request) {
    Optional<String> site = request.header("Sec-Fetch-Site");
    if (site.isPresent()) {
      return site.get().equals("same-origin");
    }
    return request.header("Origin").filter(request.origin()::equals).isPresent();
  }
}
