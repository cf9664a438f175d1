package io.platformkit.core.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;

/** From the JDK's exchange to a {@link Request}, within bounds. */
final class Incoming {
  private static final long MAX_LINGER_BYTES = 64L << 20;

  private final int maxBodyBytes;
  private final Reception reception;

  Incoming(int maxBodyBytes, Reception reception) {
    this.maxBodyBytes = maxBodyBytes;
    this.reception = reception;
  }

  /**
   * Reads all of a request.
   *
   * @throws ProblemException if it is malformed or out of bounds; part of it may be unread
   * @throws IOException if the client went away, was too slow, or its framing is broken
   */
  Request receive(HttpExchange exchange) throws IOException {
    return reception.begin(head(exchange)).body(body(exchange)).build();
  }

  private static RequestHead head(HttpExchange exchange) {
    return new RequestHead(
        exchange.getRequestMethod(),
        exchange.getRequestURI().toString(),
        exchange.getProtocol(),
        exchange.getRequestHeaders(),
        exchange.getLocalAddress(),
        exchange.getRemoteAddress(),
        false);
  }

  private byte[] body(HttpExchange exchange) throws IOException {
    String announced = exchange.getRequestHeaders().getFirst("Content-Length");
    if (announced != null && Long.parseLong(announced) > maxBodyBytes) {
      throw tooLarge();
    }
    try {
      byte[] body = exchange.getRequestBody().readNBytes(maxBodyBytes + 1);
      if (body.length > maxBodyBytes) {
        throw tooLarge();
      }
      return body;
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("chunk of negative size", e); // the JDK's chunk parser overflows
    }
  }

  private ProblemException tooLarge() {
    return Problem.of(413, "body must have at most " + maxBodyBytes + " bytes").toException();
  }

  /**
   * Reads what the client is still sending and throws it away: closing a socket with unread bytes
   * resets it, and the client might never see the answer.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>
   */
  void linger(HttpExchange exchange) throws IOException {
    InputStream rest = exchange.getRequestBody();
    byte[] buffer = new byte[16 << 10];
    long total = 0;
    int count = 0;
    while (count >= 0 && total <= MAX_LINGER_BYTES) {
      count = rest.read(buffer);
      total += count;
    }
  }
}
