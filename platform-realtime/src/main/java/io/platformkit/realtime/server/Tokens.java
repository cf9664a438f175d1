package io.platformkit.realtime.server;

import io.platformkit.core.http.Request;
import java.util.List;
import java.util.Optional;

/** The token that a request shows: in its head, or in its query as browsers must for WebSockets. */
final class Tokens {
  private static final String SCHEME = "Bearer ";

  private Tokens() {}

  static Optional<String> in(Request request) {
    List<String> heads = request.headers("Authorization");
    if (heads.size() == 1 && heads.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.of(heads.getFirst().substring(SCHEME.length()).trim());
    }
    return request.query("token");
  }
}
