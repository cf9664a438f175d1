package io.platformkit.core.http;

import io.platformkit.core.ErrorHandler;

/**
 * What a module offers over HTTP: a request in, a response out, no server named. Called by many
 * virtual threads at once; may block.
 */
@FunctionalInterface
public interface HttpEndpoint {
  /**
   * Answers one request.
   *
   * @throws ProblemException to answer with its problem document
   * @throws Exception anything else is a fault of ours: the caller gets 500 with an id and no
   *     detail, the log the same id with the stack trace
   */
  Response handle(Request request) throws Exception;

  /**
   * This endpoint as a server calls it: nothing is thrown, every failure is an answer. A {@link
   * ProblemException} becomes its problem, malformed JSON 400, anything else 500 with an id that
   * the failure is handed over with. Every answer says {@code X-Content-Type-Options: nosniff}.
   *
   * @param errors is told of whatever becomes 500
   */
  default HttpEndpoint guarded(ErrorHandler errors) {
    return new GuardedEndpoint(this, errors);
  }
}
