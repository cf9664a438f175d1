package io.platformkit.benchmarks.realtime;

import java.util.List;

/**
 * What a client says until it receives, and how it sees a delivery.
 *
 * @param steps in order
 * @param deliveryBytes of one delivery where a frame may have several; 0 where a frame has one
 */
record Dialect(String path, List<Step> steps, int deliveryBytes) {
  /** Frames with nothing around the text, to whoever connects. */
  static final Dialect BARE = new Dialect("/ws", List.of(), 0);

  /** Engine.IO 4, and the main namespace of Socket.IO. */
  static final Dialect SOCKET_IO =
      new Dialect(
          "/socket.io/?EIO=4&transport=websocket",
          List.of(new Step("0{", "40"), new Step("40{", "")),
          0);

  /** The text protocol of NATS. */
  static final Dialect NATS =
      new Dialect(
          "/",
          List.of(
              new Step("INFO ", "CONNECT {\"verbose\":false}\r\nSUB news 1\r\nPING\r\n"),
              new Step("PONG", "")),
          "MSG news 1 100\r\n".length() + Orders.TEXT.length() + "\r\n".length());

  /**
   * One step.
   *
   * @param awaited what the server says
   * @param answer what the client says then; may be empty
   */
  record Step(String awaited, String answer) {}

  /** What opens a WebSocket. */
  String handshake() {
    return """
    GET %s HTTP/1.1\r
    Host: 127.0.0.1\r
    Upgrade: websocket\r
    Connection: Upgrade\r
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
    Sec-WebSocket-Version: 13\r
    \r
    """
        .formatted(path);
  }

  /** Ours, for one topic. */
  static Dialect ours(String topic) {
    String subscribe =
        "{\"type\":\"subscribe\",\"id\":\"1\",\"payload\":{\"topics\":[\"%s\"]}}".formatted(topic);
    return new Dialect(
        "/ws", List.of(new Step("\"connected\"", subscribe), new Step("\"subscribed\"", "")), 0);
  }
}
