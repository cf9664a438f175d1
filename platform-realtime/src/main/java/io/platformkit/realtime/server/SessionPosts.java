package io.platformkit.realtime.server;

import io.platformkit.core.OutcomeUnknownException;
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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Takes what clients of event streams say, whichever node their stream is on. */
final class SessionPosts implements HttpEndpoint {
  private static final int MOST_ELSEWHERE = 64; // at once: other requests need slots too

  private final Node node;
  private final Origins origins;
  private final int maxBytes;
  private final Semaphore elsewhere = new Semaphore(MOST_ELSEWHERE);

  SessionPosts(Node node, Origins origins) {
    this.node = node;
    this.origins = origins;
    maxBytes = Math.min(node.limits().maxMessageBytes(), NodeBus.MAX_COMMAND);
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
    if (message.length > maxBytes) {
      throw Problem.of(413, "a message has at most " + maxBytes + " bytes").toException();
    }
    Command unused = node.json().decode(message, Command.class);
    return switch (receipt(request.pathVariable("session"), who.map(Principal::id), message)) {
      case TAKEN -> Response.status(202);
      case GONE -> throw Problem.of(404, "there is no such session, or no more").toException();
      case ANOTHERS -> {
        node.metrics().refused("claim");
        throw Problem.of(403, "the session is another one's").toException();
      }
    };
  }

  private Receipt receipt(String session, Optional<String> caller, byte[] message) {
    Optional<String> where = SessionIds.nodeOf(session);
    if (where.isEmpty()) {
      return Receipt.GONE;
    }
    return where.get().equals(node.sessions().node())
        ? node.sessions().receive(session, caller, message)
        : handedOn(where.get(), session, caller, message);
  }

  private Receipt handedOn(String name, String session, Optional<String> caller, byte[] message) {
    if (!elsewhere.tryAcquire()) {
      throw Problem.of(503, "too many commands are on their way; try again").toException();
    }
    try {
      return node.bus().post(name, session, caller, message).join();
    } catch (CompletionException failure) {
      throw switch (failure.getCause()) {
        case TimeoutException late -> unknown();
        case OutcomeUnknownException lost -> unknown();
        case PlatformException away ->
            Problem.of(503, "the session's node can't be reached; try again").toException();
        case null, default -> failure;
      };
    } finally {
      elsewhere.release();
    }
  }

  private static ProblemException unknown() {
    return Problem.of(504, "the session's node does not answer; it may have taken the command")
        .toException();
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
