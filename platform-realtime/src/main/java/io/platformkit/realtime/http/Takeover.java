package io.platformkit.realtime.http;

import io.netty.handler.codec.http.HttpRequest;

/**
 * Keeps a connection for itself after a request that asks for it, as a WebSocket or a stream of
 * events does. Called on the connection's event loop: it must not block.
 */
public interface Takeover {
  /**
   * Whether a request with this head is its own; asked once. Such a request may have no body: one
   * that has gets 413.
   */
  boolean wants(HttpRequest head);

  /**
   * Takes the connection and its request; from now on every answer is its own. A throw is handed
   * over as a fault of ours and ends the connection.
   */
  void take(Handover connection) throws Exception;
}
