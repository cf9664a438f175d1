package io.platformkit.realtime.control;

import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Principal;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who calls: somebody known, or somebody on this machine. */
final class Callers {
  /** A name of somebody else's may be made to point here, and a page of theirs would call it. */
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]|\\[0:0:0:0:0:0:0:1]");

  private Callers() {}

  /**
   * Lets in whoever is known, and callers on this machine but for pages of other sites.
   *
   * @return empty for the latter
   * @throws io.platformkit.core.http.ProblemException 401 for anybody else
   */
  static Optional<Principal> require(Request request) {
    if (request.principal().isEmpty() && !isOfThisMachine(request)) {
      throw Problem.of(401, "credentials are needed").toException();
    }
    return request.principal();
  }

  private static boolean isOfThisMachine(Request request) {
    URI url = request.url();
    String own = url.getScheme() + "://" + url.getRawAuthority();
    String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
    return request.peer().getAddress().isLoopbackAddress()
        && THIS_MACHINE.matcher(host).matches()
        && request.headers("Origin").stream().allMatch(own::equalsIgnoreCase);
  }

  /**
   * Refuses an id that is not the caller's own.
   *
   * @throws io.platformkit.core.http.ProblemException 403 if it is another one's
   */
  static void requireOwn(Optional<Principal> caller, String property, @Nullable String claimed) {
    if (claimed != null && caller.filter(who -> !who.id().equals(claimed)).isPresent()) {
      throw Problem.of(403, property + " must be your own id").toException();
    }
  }
}
