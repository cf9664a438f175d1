package io.platformkit.realtime.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.Subscription;
import io.platformkit.realtime.websocket.OutgoingMessage;
import io.platformkit.realtime.websocket.WebSocketConnection;
import io.platformkit.realtime.websocket.WebSocketListener;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session on a WebSocket. */
final class WebSocketCarrier implements Carrier, WebSocketListener {
  private static final byte[] PING = {};

  private final WebSocketConnection connection;
  private @Nullable ClientSession session;

  WebSocketCarrier(WebSocketConnection connection) {
    this.connection = connection;
  }

  /** Whose it is; before anything is read. */
  void carry(ClientSession carried) {
    session = carried;
  }

  private ClientSession session() {
    return Objects.requireNonNull(session);
  }

  @Override
  public String name() {
    return "websocket";
  }

  /** The client keeps its positions itself. */
  @Override
  public void moved(String topic, Optional<Position> at) {}

  @Override
  public boolean canPlace(Supplier<List<String>> kept) {
    return true;
  }

  @Override
  public void write(Subscription subscription, Batch batch) {
    connection.write(WebSocketFrames.of(batch));
  }

  @Override
  public void write(String type, byte[] envelope) {
    connection.write(OutgoingMessage.text(envelope));
  }

  @Override
  public void requireBinary() {}

  @Override
  public void writeBinary(byte[] payload) {
    connection.write(OutgoingMessage.binary(payload));
  }

  @Override
  public void comeBack(long millis, byte[] envelope) {
    write("reconnect", envelope);
  }

  @Override
  public boolean isWritable() {
    return connection.isWritable();
  }

  @Override
  public long pendingBytes() {
    return connection.pendingBytes();
  }

  @Override
  public void flush() {
    connection.flush();
  }

  @Override
  public CompletableFuture<Void> written() {
    return Flushes.of(connection.channel());
  }

  @Override
  public void ping() {
    connection.ping(PING);
  }

  @Override
  public void pauseReading() {
    connection.pauseReading();
  }

  @Override
  public void resumeReading() {
    connection.resumeReading();
  }

  @Override
  public void close(CloseReason why) {
    connection.close(why.code(), why.words());
  }

  @Override
  public void cut() {
    connection.cut();
  }

  // The client

  @Override
  public void onText(ByteBuf utf8) {
    session().inbox().receiveHere(ByteBufUtil.getBytes(utf8));
  }

  @Override
  public void onBinary(ByteBuf payload) {
    session().inbox().receiveBinary(ByteBufUtil.getBytes(payload));
  }

  @Override
  public void onPong(ByteBuf payload) {
    session().heard();
  }

  @Override
  public void onWritabilityChanged(boolean writable) {
    if (writable) {
      session().sender().writable();
    }
  }

  @Override
  public void onClose(int code, String reason) {
    session().end();
  }
}
