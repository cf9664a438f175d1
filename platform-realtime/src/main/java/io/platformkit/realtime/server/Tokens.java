package io.platformkit.realtime.server;

import io.platformkit.core.access.Shown;
import io.platformkit.core.http.Request;
import io.platformkit.core.identity.Credentials;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a request shows: credentials in its head, or a token in its query as browsers must for
 * WebSockets, or else what the host finds in it. More than one thing in the head is nothing.
 */
record Tokens(Function<Request, Optional<Credentials>> others) {
  Optional<Credentials> in(Request request) {
    return switch (Shown.in(request)) {
      case Shown.One one -> Optional.of(one.credentials());
      case Shown.Ambiguous ambiguous -> Optional.empty();
      case Shown.Nothing nothing ->
          request.query("token").map(Credentials::bearer).or(() -> others.apply(request));
    };
  }
}
