package io.platformkit.realtime.server;

import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Credentials;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a request shows: a token in its head, or in its query as browsers must for WebSockets, or
 * else what the host finds in it.
 */
record Tokens(Function<Request, Optional<Credentials>> others) {
  private static final String SCHEME = "Bearer ";

  Optional<Credentials> in(Request request) {
    return token(request).map(Credentials::bearer).or(() -> others.apply(request));
  }

  private static Optional<String> token(Request request) {
    List<String> heads = request.headers("Authorization");
    if (heads.size() == 1 && heads.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.of(heads.getFirst().substring(SCHEME.length()).trim());
    }
    return request.query("token");
  }
}
