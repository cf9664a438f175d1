package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Sends back what comes. */
class Echo implements WebSocketListener {
  private final WebSocketConnection connection;

  Echo(WebSocketConnection connection) {
    this.connection = connection;
  }

  @Override
  public void onText(ByteBuf utf8) {
    connection.send(OutgoingMessage.text(ByteBufUtil.getBytes(utf8)));
  }

  @Override
  public void onBinary(ByteBuf payload) {
    connection.send(OutgoingMessage.binary(ByteBufUtil.getBytes(payload)));
  }

  @Override
  public void onClose(int code, String reason) {}
}
