package io.platformkit.realtime.server;

import io.platformkit.core.http.Request;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * From which pages browsers may connect: those of the server's own origin, and of a list. A client
 * that names none is no browser.
 *
 * @param allowed exactly as browsers write them: {@code https://example.org}
 * @param required whether a client must name one
 */
record Origins(Set<String> allowed, boolean required) {
  boolean allow(Request request) {
    Optional<String> origin = request.header("Origin");
    if (origin.isEmpty()) {
      return !required;
    }
    return request.headers("Origin").size() == 1
        && (allowed.contains(origin.get()) || origin.get().equals(own(request.url())));
  }

  private static String own(URI url) {
    String text = (url.getScheme() + "://" + url.getRawAuthority()).toLowerCase(Locale.ROOT);
    String standardPort = url.getScheme().equals("https") ? ":443" : ":80";
    return text.endsWith(standardPort)
        ? text.substring(0, text.length() - standardPort.length())
        : text;
  }
}
