package io.platformkit.realtime.http;

import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;

/** Makes the answer to one request and sends it, on a thread of its own. */
final class Answer implements Runnable {
  private final Sending sending;
  private final Serving serving;
  private final Incoming incoming;
  private final Window window;

  Answer(Sending sending, Serving serving, Incoming incoming, Window window) {
    this.sending = sending;
    this.serving = serving;
    this.incoming = incoming;
    this.window = window;
  }

  @Override
  public void run() {
    try {
      Request request = incoming.finish();
      send(request, handle(request));
    } catch (ProblemException e) {
      sending.refuseLate(e.problem());
    }
  }

  private Response handle(Request request) {
    try {
      Response response = serving.endpoint().handle(request);
      Thread.interrupted(); // a flag left behind would cut the answer off
      return response;
    } catch (Exception e) {
      throw new AssertionError("a guarded endpoint throws nothing", e);
    }
  }

  private void send(Request request, Response response) {
    HttpRequest asked = incoming.head();
    AnswerHead head = AnswerHead.of(asked, response, serving.dates().now(), serving.isStopping());
    long length = head.hasBody() ? response.length().orElse(Long.MAX_VALUE) : 0;
    var out = new Outgoing(sending, window, head, length);
    try {
      if (length > 0) {
        response.body().writeTo(out);
      }
      out.end();
    } catch (Throwable e) {
      if (!out.isClientGone()) {
        serving.errors().handle("body of " + request, e);
        out.giveUp();
      }
      sending.breakOff();
    }
  }
}
