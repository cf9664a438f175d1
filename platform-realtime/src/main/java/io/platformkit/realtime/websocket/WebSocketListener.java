package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Hears one client. Called on the connection's event loop, in the order in which things happen, and
 * must not block. A buffer is valid during the call; {@link ByteBuf#retain} keeps it, with all that
 * was read together with it. What a method throws goes to the error handler and closes the
 * connection with {@link CloseCode#INTERNAL_ERROR}.
 */
public interface WebSocketListener {
  /**
   * Takes a text message.
   *
   * @param utf8 well formed, at most {@link WebSocketOptions#maxMessageBytes}
   */
  void onText(ByteBuf utf8);

  /**
   * Takes a binary message.
   *
   * @param payload at most {@link WebSocketOptions#maxMessageBytes}
   */
  void onBinary(ByteBuf payload);

  /**
   * The connection is over: nothing more comes, nothing more is sent. Called exactly once, however
   * it ended.
   *
   * @param code what the client's Close said or, if this side closed first, what ours said; {@link
   *     CloseCode#NONE} for a Close without a code, {@link CloseCode#CUT} if there was no Close
   * @param reason of the same Close; may be empty
   */
  void onClose(int code, String reason);

  /**
   * Takes a pong, asked for or not.
   *
   * @param payload that of the ping, at most 125 bytes
   */
  default void onPong(ByteBuf payload) {}

  /**
   * The client fell behind, or caught up: {@link WebSocketConnection#isWritable} changed. It is
   * called from within the write or the flush that made the change.
   */
  default void onWritabilityChanged(boolean writable) {}
}
