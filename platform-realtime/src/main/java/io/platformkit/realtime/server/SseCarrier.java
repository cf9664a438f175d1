package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.platformkit.core.Json;
import io.platformkit.core.log.Position;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.topics.Batch;
import io.platformkit.realtime.topics.Delivery;
import io.platformkit.realtime.topics.Subscription;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session on a stream of server-sent events: each has as its id where the stream is in all of its
 * topics.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">The standard</a>
 */
final class SseCarrier extends ChannelInboundHandlerAdapter implements Carrier {
  private static final Json JSON = Json.standard();
  private static final Function<Delivery, byte[]> PAYLOAD = SseCarrier::payload;
  private static final byte[] COMMENT = ":\n\n".getBytes(UTF_8);

  private final Channel channel;
  private final Cursors cursors;
  private final EventStream stream;
  private final Map<String, Position> positions = new LinkedHashMap<>();
  private @Nullable ClientSession session;
  private boolean over;

  SseCarrier(Channel channel, Cursors cursors, EventStream stream) {
    this.channel = channel;
    this.cursors = cursors;
    this.stream = stream;
  }

  /** Whose it is; before anything is written. */
  void carry(ClientSession carried) {
    session = carried;
  }

  private ClientSession session() {
    return Objects.requireNonNull(session);
  }

  private static byte[] payload(Delivery delivery) {
    return payload(delivery.json());
  }

  private static byte[] payload(byte[] envelope) {
    Object payload = JSON.decodeObject(envelope).get("payload");
    return payload == null ? "null".getBytes(UTF_8) : JSON.encode(payload);
  }

  @Override
  public String name() {
    return "sse";
  }

  @Override
  public void moved(String topic, Optional<Position> at) {
    at.ifPresentOrElse(place -> positions.put(topic, place), () -> positions.remove(topic));
  }

  @Override
  public boolean canPlace(Supplier<List<String>> kept) {
    return cursors.fits(kept.get());
  }

  @Override
  public void write(Subscription subscription, Batch batch) {
    for (Delivery delivery : batch.deliveries()) {
      delivery.at().ifPresent(at -> positions.put(subscription.topic(), at));
      boolean last = stream.isLast(delivery.type());
      byte[] data =
          stream.look() == EventStream.Look.ENVELOPE ? delivery.json() : delivery.form(PAYLOAD);
      event(delivery.type(), data, last);
      if (last) {
        end();
      }
    }
  }

  /**
   * Of what is said outside of topics, a stream with named events shows gaps alone, and one with
   * plain events the greeting.
   */
  @Override
  public void write(String type, byte[] envelope) {
    switch (stream.look()) {
      case ENVELOPE -> event(type, envelope, false);
      case NAMED -> {
        if (type.equals("gap")) {
          event(type, envelope, false);
        }
      }
      case PLAIN -> {
        if (type.equals("gap") || type.equals("connected")) {
          event(type, payload(envelope), false);
        }
      }
    }
  }

  @Override
  public void requireBinary() {
    throw new UnsupportedOperationException("a stream of events carries text alone");
  }

  @Override
  public void writeBinary(byte[] payload) {
    requireBinary();
  }

  /** JSON has no line breaks, as the server writes it. */
  private void event(String type, byte[] data, boolean last) {
    StringBuilder head = new StringBuilder();
    if (stream.look() == EventStream.Look.NAMED) {
      head.append("event: ").append(type.replaceAll("[\\r\\n]", " ")).append('\n');
    }
    if (!positions.isEmpty() || last) {
      Optional<String> user = session().principal().map(who -> who.id());
      head.append("id: ").append(cursors.write(new Cursor(positions, last), user)).append('\n');
    }
    head.append("data: ");
    byte[] before = head.toString().getBytes(UTF_8);
    ByteBuf event = channel.alloc().ioBuffer(before.length + data.length + 2);
    event.writeBytes(before).writeBytes(data).writeByte('\n').writeByte('\n');
    write(event);
  }

  private void write(ByteBuf bytes) {
    if (over) {
      bytes.release();
    } else {
      ChannelFuture unused = channel.write(new DefaultHttpContent(bytes), channel.voidPromise());
    }
  }

  /** A browser obeys the stream's own word. */
  @Override
  public void comeBack(long millis, byte[] envelope) {
    retry(millis);
    write("reconnect", envelope);
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
  }

  @Override
  public void flush() {
    channel.flush();
  }

  @Override
  public CompletableFuture<Void> written() {
    return Flushes.of(channel);
  }

  /** A client can't answer; one that is gone is found out by the system. */
  @Override
  public void ping() {
    write(Unpooled.wrappedBuffer(COMMENT));
    flush();
    session().heard();
  }

  @Override
  public void pauseReading() {}

  @Override
  public void resumeReading() {}

  /** When to come back, in milliseconds. */
  void retry(long millis) {
    write(Unpooled.copiedBuffer("retry: " + millis + "\n\n", UTF_8));
  }

  @Override
  public void close(CloseReason why) {
    if (!over) {
      if (stream.look() == EventStream.Look.ENVELOPE) {
        event("closed", closed(why), false);
      }
      end();
    }
  }

  @Override
  public void cut() {
    ChannelFuture unused = channel.close();
  }

  private static byte[] closed(CloseReason why) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("version", Delivery.VERSION);
    members.put("type", "closed");
    members.put("payload", Map.of("code", why.code(), "reason", why.words()));
    return JSON.encode(members);
  }

  private void end() {
    over = true;
    ChannelFuture unused =
        channel
            .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
            .addListener(ChannelFutureListener.CLOSE);
  }

  // The client

  /** It has nothing to say here. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      session().sender().writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    session().end();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
    cut();
  }
}
