package io.platformkit.realtime.server;

import io.netty.buffer.ByteBufAllocator;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.Delivery;
import io.platformkit.realtime.websocket.MessageBatch;
import io.platformkit.realtime.websocket.OutgoingMessage;
import java.util.function.Function;

/** What WebSockets of one loop send of one batch: one buffer, which they share. */
final class WebSocketFrames implements Batch.Form {
  private static final Function<Delivery, OutgoingMessage> MESSAGE = WebSocketFrames::message;
  private static final Function<Batch, WebSocketFrames> FRAMES = WebSocketFrames::new;

  private final MessageBatch messages;

  private WebSocketFrames(Batch batch) {
    messages =
        MessageBatch.of(
            ByteBufAllocator.DEFAULT,
            batch.deliveries().stream().map(delivery -> delivery.form(MESSAGE)).toList());
  }

  private static OutgoingMessage message(Delivery delivery) {
    return OutgoingMessage.text(delivery.json());
  }

  static MessageBatch of(Batch batch) {
    return batch.form(FRAMES).messages;
  }

  @Override
  public void release() {
    messages.close();
  }
}
