package io.platformkit.realtime.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.concurrent.CompletableFuture;

/** Knows when what was written to a channel has left. */
final class Flushes {
  private Flushes() {}

  /** Completes when all that was written before has left, or fails when the channel is closed. */
  static CompletableFuture<Void> of(Channel channel) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    ChannelFuture unused =
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(done -> {
              if (done.isSuccess()) {
                written.complete(null);
              } else {
                written.completeExceptionally(done.cause());
              }
            });
    return written;
  }
}
