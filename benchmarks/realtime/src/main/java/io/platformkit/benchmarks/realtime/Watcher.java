package io.platformkit.benchmarks.realtime;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/** A client of {@link StallServer} that takes the time of each message. For its loop alone. */
final class Watcher extends ByteToMessageDecoder {
  private static final String AT = "\"at\":";
  private static final int HEADER = 4; // of all messages that count
  private static final int HEAD = 300; // the time is in it
  private static final int LARGE = 126;

  private final LongConsumer nanos;
  private final CompletableFuture<Watcher> ready = new CompletableFuture<>();
  private boolean upgraded;
  private int toSkip;

  /**
   * A client.
   *
   * @param nanos is told how long each message took
   */
  Watcher(LongConsumer nanos) {
    this.nanos = nanos;
  }

  /** Completes when it receives. */
  CompletableFuture<Watcher> ready() {
    return ready;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    say(context, Dialect.BARE.handshake());
  }

  private static void say(ChannelHandlerContext context, String text) {
    ByteBuf bytes = context.alloc().buffer();
    bytes.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    ChannelFuture unused = context.writeAndFlush(bytes);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (!upgraded) {
      readHead(context, in);
    } else if (toSkip > 0) {
      int count = Math.min(toSkip, in.readableBytes());
      in.skipBytes(count);
      toSkip -= count;
    } else if (in.readableBytes() >= HEADER) {
      readFrame(in);
    }
  }

  private void readHead(ChannelHandlerContext context, ByteBuf in) {
    String head = in.toString(StandardCharsets.ISO_8859_1);
    int end = head.indexOf("\r\n\r\n");
    if (end >= 0) {
      in.skipBytes(end + 4);
      upgraded = true;
      String subscribe = "{\"type\":\"subscribe\",\"payload\":{\"topics\":[\"live\"]}}";
      say(context, "\u0081" + (char) (0x80 | subscribe.length()) + "\0\0\0\0" + subscribe);
    }
  }

  private void readFrame(ByteBuf in) {
    int start = in.readerIndex();
    int length = in.getUnsignedByte(start + 1);
    int header = length == LARGE ? HEADER : 2;
    if (length == LARGE) {
      length = in.getUnsignedShort(start + 2);
    }
    int seen = Math.min(length, HEAD);
    if (in.readableBytes() < header + seen) {
      return;
    }
    String head = in.toString(start + header, seen, StandardCharsets.ISO_8859_1);
    in.skipBytes(header + seen);
    toSkip = length - seen;
    int at = head.indexOf(AT);
    if (at >= 0) {
      int end = head.indexOf(',', at);
      nanos.accept(System.nanoTime() - Long.parseLong(head.substring(at + AT.length(), end)));
    } else if (head.contains("\"subscribed\"")) {
      ready.complete(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    ready.completeExceptionally(failure);
    ChannelFuture unused = context.close();
  }
}
