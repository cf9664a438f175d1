package io.platformkit.realtime.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection without a network, whose time is set by hand, and what its listener heard. */
final class Served implements AutoCloseable {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> heard = new ArrayList<>();
  private final ByteBuf sent = Unpooled.buffer();
  private @Nullable WebSocketConnection connection;

  private Served() {
    channel.config().setAllocator(allocator);
    channel.freezeTime();
  }

  static Served with(WebSocketOptions options, String... headers) {
    return with(options, Recorder::new, headers);
  }

  static Served with(
      WebSocketOptions options, Function<Served, WebSocketListener> listeners, String... headers) {
    Served served = new Served();
    served.upgrade(options, listeners, RawClient.handshake(headers));
    return served;
  }

  /** The client's first frames come in one read with its handshake. */
  static Served atOnceWith(byte[] frames) {
    Served served = new Served();
    byte[] all = Wire.join(RawClient.handshake(), frames);
    served.upgrade(WebSocketOptions.defaults(), Recorder::new, all);
    return served;
  }

  /** The channel is closed between the request and the upgrade. */
  static Served goneBeforeTheAnswer() {
    Served served = new Served();
    served.channel.close().syncUninterruptibly();
    AcceptedHandshake accepted =
        (AcceptedHandshake)
            WebSocketHandshake.answer(RawClient.request(), WebSocketOptions.defaults());
    accepted.upgrade(
        served.channel,
        () -> {},
        opened -> {
          served.connection = opened;
          return new Recorder(served);
        });
    return served;
  }

  private void upgrade(
      WebSocketOptions options, Function<Served, WebSocketListener> listeners, byte[] bytes) {
    channel
        .pipeline()
        .addLast(
            new HttpServerCodec(),
            new Door(
                options,
                opened -> {
                  connection = opened;
                  return listeners.apply(this);
                }));
    receive(bytes);
    collect();
    String head = sent.toString(StandardCharsets.US_ASCII);
    assertThat(head).startsWith("HTTP/1.1 101 ");
    sent.skipBytes(head.indexOf("\r\n\r\n") + 4);
  }

  WebSocketConnection connection() {
    return Objects.requireNonNull(connection);
  }

  EmbeddedChannel channel() {
    return channel;
  }

  /** What the listener was told, a line a call. */
  List<String> heard() {
    return heard;
  }

  /** Bytes come from the client, as one read, unless the channel is closed. */
  void receive(byte[]... parts) {
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.wrappedBuffer(Wire.join(parts)));
    }
  }

  /** The next frame that was sent: its first byte in hex, and its payload as text. */
  String nextFrame() {
    collect();
    if (!sent.isReadable()) {
      return "nothing";
    }
    int first = sent.readUnsignedByte();
    int length = sent.readUnsignedByte();
    if (length >= 126) {
      length = length == 126 ? sent.readUnsignedShort() : Math.toIntExact(sent.readLong());
    }
    ByteBuf payload = sent.readSlice(length);
    if ((first & 0x0F) != Opcode.CLOSE) {
      return "%02x %s".formatted(first, payload.toString(StandardCharsets.UTF_8));
    }
    String code = length == 0 ? "" : " " + payload.readUnsignedShort();
    return ("close" + code + " " + payload.toString(StandardCharsets.UTF_8)).strip();
  }

  private void collect() {
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      sent.writeBytes(out);
      out.release();
    }
  }

  /** Bytes that are allocated and not yet released. */
  long allocated() {
    collect();
    return allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
  }

  static final class Recorder implements WebSocketListener {
    private final List<String> heard;

    Recorder(Served served) {
      this.heard = served.heard;
    }

    @Override
    public void onText(ByteBuf utf8) {
      heard.add("text " + utf8.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onBinary(ByteBuf payload) {
      heard.add("binary " + ByteBufUtil.hexDump(payload));
    }

    @Override
    public void onPong(ByteBuf payload) {
      heard.add("pong " + payload.toString(StandardCharsets.UTF_8));
    }

    @Override
    public void onWritabilityChanged(boolean writable) {
      heard.add(writable ? "writable" : "not writable");
    }

    @Override
    public void onClose(int code, String reason) {
      heard.add(("close " + code + " " + reason).strip());
    }
  }
}
