package io.platformkit.examples.modelserver;

import io.platformkit.core.access.Guard;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Principal;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes whoever calls from this machine for its operator, who may do everything; but not the pages
 * of other sites that a browser on this machine shows.
 */
record LocalCallers(HttpEndpoint endpoint) implements HttpEndpoint {
  private static final Principal OPERATOR = Principal.of("operator", Guard.ADMIN);

  /** A name of somebody else's may be made to point here, and a page of his would call it. */
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  @Override
  public Response handle(Request request) throws Exception {
    return isOurs(request)
        ? endpoint.handle(request.withPrincipal(OPERATOR))
        : Problem.of(403, "without keys it answers callers on this machine only").toResponse();
  }

  private static boolean isOurs(Request request) {
    URI url = request.url();
    String own = url.getScheme() + "://" + url.getRawAuthority();
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return THIS_MACHINE.matcher(host).matches()
        && request.headers("Origin").stream().allMatch(own::equalsIgnoreCase);
  }
}
