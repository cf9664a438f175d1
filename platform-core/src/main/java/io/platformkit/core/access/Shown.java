package io.platformkit.core.access;

import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Credentials;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The credentials in a request's head: {@code Authorization: Bearer …} or {@code X-API-Key: …}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.2">RFC 9110, 11.6.2</a>
 */
public sealed interface Shown {
  /** There are none. */
  record Nothing() implements Shown {}

  /** Credentials that were shown once; nobody has looked at them yet. */
  record One(Credentials credentials) implements Shown {}

  /** More than one, or one that cannot be read. */
  record Ambiguous() implements Shown {}

  /** What a request shows. */
  static Shown in(Request request) {
    List<Optional<Credentials>> all = new ArrayList<>();
    request.headers("Authorization").forEach(line -> all.add(authorization(line)));
    request.headers("X-API-Key").forEach(line -> all.add(Optional.of(Credentials.apiKey(line))));
    if (all.isEmpty()) {
      return new Nothing();
    }
    return all.size() == 1
        ? all.getFirst().<Shown>map(One::new).orElseGet(Ambiguous::new)
        : new Ambiguous();
  }

  private static Optional<Credentials> authorization(String line) {
    int space = line.indexOf(' ');
    try {
      return space < 0
          ? Optional.empty()
          : Optional.of(new Credentials(line.substring(0, space), line.substring(space).strip()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a scheme that is no token
    }
  }
}
