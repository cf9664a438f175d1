package io.platformkit.core.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one exchange of the JDK's server after the other, each on a thread of its own. Throwing
 * makes the JDK's server close the connection as it is, so that a client sees that its answer is
 * not whole.
 */
final class Exchanges implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(JdkHttpServer.class);

  /**
   * How long a request waits for a slot. A client sees its answer a moment before the slot is free;
   * without this its next request could be refused.
   */
  private static final long GRACE_MILLIS = 100;

  private final HttpEndpoint endpoint;
  private final Incoming incoming;
  private final Turns turns;
  private final Timers timers;
  private final ErrorHandler errors;
  private final HttpMetrics metrics;
  private final Semaphore slots;
  private final int maxConcurrent;
  private volatile boolean stopping;

  Exchanges(JdkHttpServer.Builder options, RequestBounds bounds, Timers timers, Turns turns) {
    errors = options.errors;
    endpoint = options.endpoint.guarded(errors);
    incoming =
        new Incoming(
            bounds.maxBodyBytes(), Reception.of(bounds.maxTargetLength(), bounds.trustedProxies()));
    this.turns = turns;
    this.timers = timers;
    maxConcurrent = bounds.maxConcurrentRequests();
    slots = new Semaphore(maxConcurrent);
    metrics =
        HttpMetrics.of(
            options.registry,
            "platform.core.http.",
            () -> maxConcurrent - slots.availablePermits());
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Turn turn = turns.current();
    long start = timers.nanoTime();
    try {
      Optional<Problem> refusal = serve(exchange, turn, start);
      if (refusal.isPresent()) {
        refuse(exchange, turn, refusal.get(), start);
      }
    } catch (IOException e) {
      if (!turn.isCut()) {
        metrics.cut(e instanceof BrokenBodyException ? "broken-body" : "client-gone");
      }
      log.debug("connection ended in mid-request", e);
      throw e;
    }
  }

  /** Cuts off clients that are too slow. */
  void sweep() {
    turns.sweep(phase -> metrics.cut(phase == Turn.Phase.SENDING ? "slow-reader" : "slow-sender"));
  }

  /** Answers, or says why not; only while it answers does a request have a slot. */
  private Optional<Problem> serve(HttpExchange exchange, Turn turn, long start) throws IOException {
    try {
      if (stopping) {
        return Optional.of(Problem.of(503, "the server is stopping"));
      }
      if (!slots.tryAcquire(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        return Optional.of(
            Problem.of(503, "the server answers %d requests already".formatted(maxConcurrent)));
      }
      try {
        Request request = incoming.receive(exchange);
        turn.enter(Turn.Phase.ANSWERING, timers.nanoTime());
        send(exchange, turn, request.toString(), turns.answer(endpoint, request), start);
        return Optional.empty();
      } finally {
        slots.release();
      }
    } catch (ProblemException e) {
      return Optional.of(e.problem());
    } catch (InterruptedException e) {
      throw new IOException("the server stopped", e);
    }
  }

  private void send(HttpExchange exchange, Turn turn, String what, Response response, long start)
      throws IOException {
    var out = new Outgoing(exchange, turn, timers);
    try {
      out.head(response, stopping);
      if (out.hasBody(response)) {
        response.body().writeTo(out);
      }
      out.end();
    } catch (Throwable e) {
      if (out.isClientGone()) {
        throw new IOException("the client did not take the answer", e);
      }
      errors.handle("body of " + what, e);
      throw new BrokenBodyException(e);
    } finally {
      metrics.answered(exchange.getRequestMethod(), response.status(), timers.nanoTime() - start);
    }
  }

  /** Answers a request that may be partly unread, on a connection that has no other. */
  private void refuse(HttpExchange exchange, Turn turn, Problem problem, long start)
      throws IOException {
    metrics.refused(problem.status());
    Response response = Reception.refusal(problem);
    var out = new Outgoing(exchange, turn, timers);
    out.head(response, true);
    if (out.hasBody(response)) {
      out.write(problem.document());
      out.flush();
      turn.enter(Turn.Phase.LINGERING, timers.nanoTime());
      incoming.linger(exchange);
    }
    out.end();
    metrics.answered(exchange.getRequestMethod(), problem.status(), timers.nanoTime() - start);
  }

  /** Takes no more requests and waits for those that run. */
  void drain() throws InterruptedException {
    stopping = true;
    slots.acquire(maxConcurrent);
  }

  void openMetrics() {
    metrics.open();
  }

  void closeMetrics() {
    metrics.close();
  }

  /** The writer of a body threw: the answer cannot be finished. */
  private static final class BrokenBodyException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenBodyException(Throwable cause) {
      super("the body was not written whole", cause);
    }
  }
}
