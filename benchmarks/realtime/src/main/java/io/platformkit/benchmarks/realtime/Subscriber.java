package io.platformkit.benchmarks.realtime;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One client: opens a WebSocket, subscribes, and counts what it gets. For its loop alone. */
final class Subscriber extends ChannelInboundHandlerAdapter {
  private static final String END_OF_HEAD = "\r\n\r\n";

  private final Dialect dialect;
  private final Window window;
  private final boolean keeps;
  private final Frames frames = new Frames();
  private final CompletableFuture<Subscriber> ready = new CompletableFuture<>();
  private @Nullable StringBuilder seen = new StringBuilder();
  private boolean upgraded;
  private int step;
  private long before; // what was counted when it was ready
  private long deliveries;

  /**
   * A client.
   *
   * @param keeps whether it keeps what it gets
   */
  Subscriber(Dialect dialect, Window window, boolean keeps) {
    this.dialect = dialect;
    this.window = window;
    this.keeps = keeps;
  }

  /** Completes when it receives. */
  CompletableFuture<Subscriber> ready() {
    return ready;
  }

  /** What it got since then, all frames together, if it keeps that. */
  String seen() {
    return String.valueOf(seen);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    write(context, dialect.handshake());
  }

  private static void write(ChannelHandlerContext context, String text) {
    ByteBuf bytes = context.alloc().buffer();
    bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
    ChannelFuture unused = context.writeAndFlush(bytes);
  }

  /** Text with a mask of zeros; less than 126 bytes. */
  private static void send(ChannelHandlerContext context, String text) {
    ByteBuf frame = context.alloc().buffer();
    frame.writeByte(0x81).writeByte(0x80 | text.length()).writeInt(0);
    frame.writeCharSequence(text, StandardCharsets.US_ASCII);
    ChannelFuture unused = context.writeAndFlush(frame);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (!upgraded) {
        readHead(in);
      }
      if (upgraded) {
        frames.read(in, seen == null ? null : this::keep);
        goOn(context);
      }
    } finally {
      in.release();
    }
  }

  private void keep(ByteBuf part) {
    if (seen != null) {
      seen.append(part.toString(StandardCharsets.US_ASCII));
    }
  }

  private void readHead(ByteBuf in) {
    StringBuilder head = seen == null ? new StringBuilder() : seen;
    while (in.isReadable() && !upgraded) {
      head.append((char) in.readByte());
      upgraded = head.toString().endsWith(END_OF_HEAD);
    }
    if (upgraded) {
      if (!head.toString().startsWith("HTTP/1.1 101")) {
        throw new IllegalStateException("answer was: " + head);
      }
      head.setLength(0);
    }
  }

  private void goOn(ChannelHandlerContext context) {
    if (ready.isDone()) {
      count();
      return;
    }
    StringBuilder said = seen;
    if (said != null && step < dialect.steps().size()) {
      Dialect.Step due = dialect.steps().get(step);
      if (said.indexOf(due.awaited()) < 0) {
        return;
      }
      said.setLength(0);
      step++;
      if (!due.answer().isEmpty()) {
        send(context, due.answer());
      }
    }
    if (step == dialect.steps().size()) {
      seen = keeps ? new StringBuilder() : null;
      before = counted();
      ready.complete(this);
    }
  }

  private void count() {
    long now = (counted() - before) / Math.max(1, dialect.deliveryBytes());
    while (deliveries < now) {
      window.delivered(deliveries++);
    }
  }

  private long counted() {
    return dialect.deliveryBytes() == 0 ? frames.ended() : frames.payloadBytes();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    window.refill();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ready.completeExceptionally(new IllegalStateException("the server ended the connection"));
    window.fail(new IllegalStateException("the server ended a connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    ready.completeExceptionally(failure);
    window.fail(failure);
    ChannelFuture unused = context.close();
  }
}
