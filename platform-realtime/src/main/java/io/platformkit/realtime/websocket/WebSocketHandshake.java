package io.platformkit.realtime.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;

/**
 * What a server answers to a request for a WebSocket (RFC 6455 §4.2). It looks at the protocol
 * alone: who asks, and from where, is for the server to check.
 */
public sealed interface WebSocketHandshake permits AcceptedHandshake, RefusedHandshake {

  /** Whether the request asks for a WebSocket, be it well or badly. */
  static boolean isAskedFor(HttpRequest request) {
    return request
        .headers()
        .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
  }

  /**
   * Checks a request; changes nothing.
   *
   * @param request its head; it must have no body
   */
  static WebSocketHandshake answer(HttpRequest request, WebSocketOptions options) {
    return HandshakeRules.firstBroken(request)
        .<WebSocketHandshake>map(refusal -> refusal)
        .orElseGet(() -> AcceptedHandshake.of(request, options));
  }
}
