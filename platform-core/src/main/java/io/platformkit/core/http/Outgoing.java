package io.platformkit.core.http;

import com.sun.net.httpserver.HttpExchange;
import io.platformkit.core.Timers;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;

/** From a {@link Response} to the JDK's exchange; says what the thread waits for meanwhile. */
final class Outgoing extends OutputStream {
  /** Large writes are cut so that a slow client that makes progress is seen to. */
  private static final int SLICE = 16 << 10;

  private final HttpExchange exchange;
  private final Turn turn;
  private final Timers timers;
  private boolean clientGone;

  Outgoing(HttpExchange exchange, Turn turn, Timers timers) {
    this.exchange = exchange;
    this.turn = turn;
    this.timers = timers;
  }

  /** Sends the head; a body follows unless the answer has none. */
  void head(Response response, boolean lastOnConnection) throws IOException {
    response
        .headers()
        .forEach(
            (name, values) -> exchange.getResponseHeaders().put(name, new ArrayList<>(values)));
    if (lastOnConnection) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head && response.length().isPresent()) {
      exchange
          .getResponseHeaders()
          .set("Content-Length", Long.toString(response.length().getAsLong()));
    }
    sending(() -> exchange.sendResponseHeaders(response.status(), announced(response)));
  }

  /** What the JDK's server calls a length: -1 for no body, 0 for a stream. */
  private long announced(Response response) {
    long length = response.length().orElse(0);
    boolean empty = response.length().isPresent() && length == 0;
    return empty || !hasBody(response) ? -1 : length;
  }

  /** Whether the answer has a body as far as HTTP is concerned. */
  boolean hasBody(Response response) {
    return !exchange.getRequestMethod().equals("HEAD")
        && response.status() != 204
        && response.status() != 304;
  }

  /** Whether a write failed: the client's doing, not the writer's. */
  boolean isClientGone() {
    return clientGone;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int done = 0; done < length; done += SLICE) {
      int from = offset + done;
      int count = Math.min(SLICE, length - done);
      sending(() -> exchange.getResponseBody().write(bytes, from, count));
    }
  }

  @Override
  public void flush() throws IOException {
    sending(() -> exchange.getResponseBody().flush());
  }

  /** For writers, who must not end the answer: that is {@link #end}. */
  @Override
  public void close() throws IOException {
    flush();
  }

  /** Ends the answer; the connection may have another request. */
  void end() throws IOException {
    sending(() -> exchange.getResponseBody().close());
  }

  private void sending(SocketWrite write) throws IOException {
    turn.enter(Turn.Phase.SENDING, timers.nanoTime());
    try {
      write.run();
    } catch (IOException e) {
      clientGone = true;
      throw e;
    } finally {
      turn.enter(Turn.Phase.ANSWERING, timers.nanoTime());
    }
  }

  private interface SocketWrite {
    void run() throws IOException;
  }
}
