package io.platformkit.realtime.server;

import io.platformkit.core.PlatformException;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.identity.Credentials;
import io.platformkit.core.identity.Principal;
import io.platformkit.realtime.CloseReason;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Takes what clients of event streams say, whichever node their stream is on. */
final class SessionPosts implements HttpEndpoint {
  private final Node node;
  private final Origins origins;

  SessionPosts(Node node, Origins origins) {
    this.node = node;
    this.origins = origins;
  }

  /** Pages of other origins may read refusals too. */
  @Override
  public Response handle(Request request) {
    try {
      return origins.opened(request, take(request));
    } catch (ProblemException refused) {
      return origins.opened(request, Reception.refusal(refused.problem()));
    }
  }

  private Response take(Request request) {
    if (!origins.allow(request)) {
      node.metrics().refused("origin");
      throw Problem.of(403, "the page's origin is not allowed").toException();
    }
    Optional<Principal> who = caller(request);
    byte[] message = request.body();
    if (message.length > node.limits().maxMessageBytes()) {
      throw Problem.of(413, "a message has at most " + node.limits().maxMessageBytes() + " bytes")
          .toException();
    }
    Command unused = node.json().decode(message, Command.class);
    String id = request.pathVariable("session");
    Optional<ClientSession> here = node.sessions().find(id);
    if (here.isEmpty()) {
      forward(id, who, message);
    } else if (here.get().isOf(who)) {
      here.get().receive(message);
    } else {
      node.metrics().refused("claim");
      throw Problem.of(403, "the session is another one's").toException();
    }
    return Response.status(202);
  }

  private void forward(String session, Optional<Principal> who, byte[] message) {
    try {
      node.bus().forward(session, who, message).join();
    } catch (IllegalArgumentException tooLarge) {
      throw Problem.of(413, String.valueOf(tooLarge.getMessage())).toException();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof PlatformException) {
        throw Problem.of(503, "the session's node can't be reached; try again").toException();
      }
      throw failure;
    }
  }

  private Optional<Principal> caller(Request request) {
    if (!node.gate().asks()) {
      return Optional.empty();
    }
    Credentials shown =
        node.gate()
            .shown(request)
            .orElseThrow(() -> Problem.of(401, "credentials missing").toException());
    return switch (node.gate().check(shown, request.peer().getAddress())) {
      case Gate.Finding.Admitted admitted -> Optional.of(admitted.principal());
      case Gate.Finding.Refused refused ->
          throw Problem.of(
                  refused.why() == CloseReason.UNAVAILABLE ? 503 : 401, refused.why().words())
              .toException();
    };
  }
}
