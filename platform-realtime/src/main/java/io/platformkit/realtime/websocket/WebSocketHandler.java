package io.platformkit.realtime.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import io.platformkit.core.ErrorHandler;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one handler of a connection: reads frames, answers control frames, tells the listener. */
final class WebSocketHandler extends ChannelInboundHandlerAdapter implements FrameDecoder.Frames {
  private static final Logger log = LoggerFactory.getLogger(WebSocketConnection.class);

  private final WebSocketConnection connection;
  private @Nullable Function<WebSocketConnection, WebSocketListener> listeners; // until it is open
  private final ErrorHandler errors;
  private final Closing closing;
  private final FrameDecoder decoder;
  private final IncomingMessage message;
  private final Gathering control;
  private @Nullable WebSocketListener listener;
  private byte @Nullable [] duePong;

  WebSocketHandler(
      WebSocketConnection connection,
      WebSocketOptions options,
      boolean compression,
      Function<WebSocketConnection, WebSocketListener> listeners) {
    this.connection = connection;
    this.listeners = listeners;
    errors = options.errors();
    closing = connection.closing();
    decoder = new FrameDecoder(compression);
    message = new IncomingMessage(options, connection.channel().alloc(), this::receive);
    control = new Gathering(connection.channel().alloc());
  }

  /** Makes the listener, unless input has done so already. */
  void open() {
    Function<WebSocketConnection, WebSocketListener> maker = listeners;
    listeners = null; // it may hold the whole handshake
    if (maker != null && closing.isOpen()) {
      guarded(() -> listener = maker.apply(connection));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object input) {
    try {
      if (input instanceof ByteBuf bytes) {
        open();
        connection.holdFlushes();
        decoder.decode(bytes, this);
      }
    } catch (ViolationException violation) {
      closing.fail(violation);
      tellEnd();
    } finally {
      ReferenceCountUtil.release(input);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    connection.releaseFlushes();
  }

  @Override
  public boolean areWanted() {
    return !closing.isOver();
  }

  @Override
  public void begin(FrameHeader header) throws ViolationException {
    if (!Opcode.isControl(header.opcode())) {
      message.begin(header);
    }
  }

  @Override
  public void take(FrameHeader header, ByteBuf part, boolean last) throws ViolationException {
    if (!Opcode.isControl(header.opcode())) {
      message.take(header, part, last);
    } else if (last) {
      takeControl(header.opcode(), control.endingWith(part));
      control.clear();
    } else {
      control.keep(part);
    }
  }

  private void takeControl(int opcode, ByteBuf payload) throws ViolationException {
    switch (opcode) {
      case Opcode.PING -> answerPing(payload);
      case Opcode.PONG -> tell(each -> each.onPong(payload));
      default -> takeClose(payload);
    }
  }

  private void takeClose(ByteBuf payload) throws ViolationException {
    ClosePayload close = ClosePayload.of(payload);
    closing.answer(close.code(), close.reason());
    tellEnd();
  }

  /** A client that reads nothing gets the last pong alone, when it reads (RFC 6455 §5.5.3). */
  private void answerPing(ByteBuf payload) {
    if (connection.isWritable()) {
      connection.control(Opcode.PONG, payload);
    } else {
      duePong = ByteBufUtil.getBytes(payload);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (duePong != null && connection.isWritable()) {
      connection.control(Opcode.PONG, Unpooled.wrappedBuffer(duePong));
      duePong = null;
    }
    tell(each -> each.onWritabilityChanged(connection.isWritable()));
  }

  private void receive(boolean text, ByteBuf payload) {
    if (text) {
      tell(each -> each.onText(payload));
    } else {
      tell(each -> each.onBinary(payload));
    }
  }

  private void tell(Consumer<WebSocketListener> call) {
    WebSocketListener told = listener;
    if (told != null && closing.isOpen()) {
      guarded(() -> call.accept(told));
    }
  }

  private void tellEnd() {
    WebSocketListener told = listener;
    listener = null;
    if (told != null) {
      guarded(() -> told.onClose(closing.code(), closing.reason()));
    }
  }

  private void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      errors.handle("listener of " + connection, e);
      closing.begin(CloseCode.INTERNAL_ERROR, "");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end();
  }

  void end() {
    closing.end();
    tellEnd();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    message.drop();
    control.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof IOException || failure instanceof DecoderException) {
      log.debug("{} was cut", connection, failure);
    } else {
      errors.handle(connection.toString(), failure);
    }
    connection.cut();
  }
}
