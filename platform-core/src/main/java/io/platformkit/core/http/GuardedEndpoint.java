package io.platformkit.core.http;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.MalformedJsonException;
import java.net.URI;
import java.util.UUID;

/** What every server does around an endpoint, see {@link HttpEndpoint#guarded}. */
final class GuardedEndpoint implements HttpEndpoint {
  private final HttpEndpoint endpoint;
  private final ErrorHandler errors;

  GuardedEndpoint(HttpEndpoint endpoint, ErrorHandler errors) {
    this.endpoint = endpoint;
    this.errors = errors;
  }

  @Override
  public Response handle(Request request) {
    return answer(request).withHeader("X-Content-Type-Options", "nosniff");
  }

  /**
   * Errors end here too: the request's thread has nothing left to do but answer, and a rethrow
   * would leave the caller waiting.
   */
  private Response answer(Request request) {
    try {
      return endpoint.handle(request);
    } catch (ProblemException e) {
      return e.problem().toResponse();
    } catch (MalformedJsonException e) {
      return malformed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Problem.of(503, "the server is stopping").toResponse();
    } catch (Throwable e) {
      return failed(request, e);
    }
  }

  private static Response malformed(MalformedJsonException failure) {
    String message = failure.getMessage();
    Problem problem = message == null ? Problem.of(400) : Problem.of(400, message);
    return problem.toResponse();
  }

  private Response failed(Request request, Throwable failure) {
    URI id = URI.create("urn:uuid:" + UUID.randomUUID());
    errors.handle(request + " (" + id + ")", failure);
    return Problem.of(500).withInstance(id).toResponse();
  }
}
