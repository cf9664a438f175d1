package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, one request after the other, behind a {@link RequestDecoder}. Everything happens
 * on its event loop, but for what says otherwise.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);

  /** How long a request waits for a slot, so that a burst of short ones is not refused. */
  private static final long GRACE_MILLIS = 100;

  private final Serving serving;
  private final RequestDecoder decoder;
  private final Runnable onSlot = this::offerSlot;
  private volatile Phase phase = Phase.OPENED;
  private volatile long since;
  private @Nullable ChannelHandlerContext added;
  private @Nullable Exchange current;
  private int unsent;

  HttpConnection(Serving serving, RequestDecoder decoder) {
    this.serving = serving;
    this.decoder = decoder;
    since = serving.nanoTime();
  }

  /** What it does; for any thread. */
  Phase phase() {
    return phase;
  }

  private void enter(Phase next) {
    since = serving.nanoTime();
    phase = next;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext context = added;
    if (context == null) {
      throw new IllegalStateException("the connection is in no pipeline");
    }
    return context;
  }

  private Exchange exchange() {
    Exchange exchange = current;
    if (exchange == null) {
      throw new IllegalStateException("the connection has no request");
    }
    return exchange;
  }

  /** Runs something on the event loop; for any thread. */
  void execute(Runnable task) {
    try {
      context().executor().execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the event loop has ended before its connections", e);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    added = context;
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    serving.connections().add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    serving.connections().remove(this);
  }

  // Requests

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    try {
      if (message instanceof HttpRequest head && !isEnding()) {
        begin(head);
      }
      if (message instanceof HttpContent content && !isEnding()) {
        receive(exchange(), content);
      }
    } catch (ProblemException e) {
      refuse(e.problem());
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private boolean isEnding() {
    return phase == Phase.LINGERING || phase == Phase.OVER || decoder.isDiscarding();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    noticeBeginning();
    context.fireChannelReadComplete();
  }

  private void noticeBeginning() {
    if ((phase == Phase.OPENED || phase == Phase.IDLE) && decoder.hasBegun()) {
      enter(Phase.RECEIVING);
    }
  }

  private void begin(HttpRequest head) {
    if (head.decoderResult().cause() instanceof PrematureChannelClosureException) {
      cut("client-gone");
      return;
    }
    if (phase != Phase.RECEIVING) {
      enter(Phase.RECEIVING);
    }
    Exchange exchange = new Exchange(serving, head, since);
    current = exchange;
    exchange.receive(context().channel());
    if (exchange.takeover().isEmpty()) {
      takeSlot(exchange);
    }
  }

  private void takeSlot(Exchange exchange) {
    if (serving.slots().take(onSlot)) {
      gotSlot(exchange);
    } else {
      decoder.hold();
      enter(Phase.WAITING);
      Future<?> unused =
          context()
              .executor()
              .schedule(() -> waitedLongEnough(exchange), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void gotSlot(Exchange exchange) {
    exchange.gotSlot();
    if (exchange.incoming().expectsContinue()) {
      ChannelFuture unused = Messages.writeContinue(context());
    }
  }

  /** One is free for the request that waits; for any thread. */
  private void offerSlot() {
    execute(this::slotIsFree);
  }

  private void slotIsFree() {
    if (phase != Phase.WAITING) {
      serving.slots().release();
      return;
    }
    Exchange exchange = exchange();
    enter(Phase.RECEIVING);
    gotSlot(exchange);
    if (exchange.isWhole()) {
      answer(exchange);
    } else {
      goOn();
    }
  }

  private void waitedLongEnough(Exchange exchange) {
    if (exchange.equals(current) && phase == Phase.WAITING && serving.slots().giveUp(onSlot)) {
      refuse(
          Problem.of(
              503,
              "the server answers %d requests already"
                  .formatted(serving.options().maxConcurrentRequests())));
    }
  }

  private void receive(Exchange exchange, HttpContent content) throws Exception {
    if (content.decoderResult().isFailure()) {
      throw Problem.of(400, "body is malformed").toException();
    }
    exchange.incoming().add(content.content());
    if (content instanceof LastHttpContent) {
      exchange.becomeWhole();
      if (exchange.takeover().isPresent()) {
        handOver(exchange, exchange.takeover().get());
      } else if (exchange.hasSlot()) {
        answer(exchange);
      }
    }
  }

  private void answer(Exchange exchange) {
    enter(Phase.ANSWERING);
    exchange.start(new Answer(this, serving, exchange.incoming(), exchange.window()));
  }

  private void handOver(Exchange exchange, Takeover takeover) throws Exception {
    if (decoder.hasInputEnded()) {
      cut("client-gone");
      return;
    }
    Request request = exchange.incoming().finish();
    current = null;
    phase = Phase.OVER;
    ChannelHandlerContext context = context();
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    context.pipeline().remove(this);
    try {
      takeover.take(new Handover(context.channel(), exchange.head(), request));
    } catch (Exception e) {
      fault(e);
    }
  }

  // Answers

  /** Sends a piece of the answer; for the thread that makes it. */
  void send(@Nullable AnswerHead head, ByteBuf bytes) {
    execute(() -> write(head, bytes, false));
  }

  /** Sends the last piece of the answer; for the thread that makes it. */
  void sendLast(@Nullable AnswerHead head, ByteBuf bytes) {
    execute(() -> write(head, bytes, true));
  }

  private void write(@Nullable AnswerHead head, ByteBuf bytes, boolean last) {
    Exchange exchange = exchange();
    if (head != null) {
      exchange.answered(head);
    }
    if (phase != Phase.OVER) {
      enter(Phase.SENDING);
    }
    int count = bytes.readableBytes();
    unsent++;
    ChannelFuture unused =
        Messages.write(context(), head, bytes, last)
            .addListener(written -> sent(exchange, written.isSuccess(), count, last));
  }

  private void sent(Exchange exchange, boolean success, int count, boolean last) {
    unsent--;
    exchange.window().give(count);
    if (!success) {
      cut("client-gone");
    } else if (phase == Phase.SENDING) {
      enter(unsent > 0 || last ? Phase.SENDING : Phase.ANSWERING);
    }
    if (last) {
      end(exchange);
    }
  }

  private void end(Exchange exchange) {
    exchange.end();
    current = null;
    if (phase == Phase.OVER) {
      return;
    }
    if (exchange.keepsAlive()) {
      enter(Phase.IDLE);
      goOn();
      noticeBeginning();
    } else {
      linger();
    }
  }

  private void goOn() {
    try {
      decoder.goOn();
    } catch (Exception e) {
      exceptionCaught(context(), e);
    }
  }

  /** The writer of a body failed: the answer cannot be finished. */
  void breakOff() {
    cut("broken-body");
    end(exchange());
  }

  /** Answers a request that may be partly unread, on a connection that will have no other. */
  void refuse(Problem problem) {
    Exchange exchange = exchange();
    decoder.discard();
    serving.metrics().refused(problem.status());
    Response response = Reception.refusal(problem);
    AnswerHead head = AnswerHead.of(exchange.head(), response, serving.dates().now(), true);
    try {
      byte[] document = head.hasBody() ? response.bytes() : new byte[0];
      write(head, Unpooled.wrappedBuffer(document), true);
    } catch (Exception e) {
      throw new AssertionError("a problem is in memory", e);
    }
  }

  // Ends

  /**
   * Says that nothing more will come, and waits for the client to say the same: closing a socket
   * with unread bytes resets it, and the client might never see the answer.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-9.6">RFC 9112, 9.6</a>
   */
  private void linger() {
    ChannelHandlerContext context = context();
    enter(Phase.LINGERING);
    if (decoder.hasInputEnded() || !(context.channel() instanceof DuplexChannel duplex)) {
      close();
      return;
    }
    decoder.discard();
    SslHandler tls = context.pipeline().get(SslHandler.class);
    ChannelFuture unused = tls == null ? duplex.shutdownOutput() : tls.closeOutbound();
  }

  /** Ends the connection in the middle of a request, and says why. */
  private void cut(String reason) {
    if (phase != Phase.OVER) {
      serving.metrics().cut(reason);
      close();
    }
  }

  private void close() {
    if (phase == Phase.WAITING) {
      serving.slots().giveUp(onSlot);
    }
    phase = Phase.OVER;
    ChannelFuture unused = context().channel().close();
    Exchange exchange = current;
    if (exchange != null) {
      exchange.window().close();
      if (!exchange.isRunning()) {
        end(exchange);
      }
    }
  }

  /** Ends the connection and interrupts whoever works for it; for any thread. */
  void abort() {
    execute(() -> {
      if (current != null) {
        current.interrupt();
      }
      close();
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (phase.isInRequest()) {
      cut("client-gone");
    } else if (phase != Phase.OVER) {
      close();
    }
    context.fireChannelInactive();
  }

  /** The client sends nothing more; whether it still reads will be seen. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (phase == Phase.RECEIVING) {
        cut("client-gone");
      } else if (phase != Phase.SENDING) {
        close();
      }
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      if (phase.isInRequest()) {
        cut("client-gone");
      } else {
        close();
      }
    } else if (cause instanceof DecoderException && cause.getCause() instanceof SSLException) {
      cut("tls");
    } else {
      fault(cause);
    }
  }

  private void fault(Throwable cause) {
    serving.errors().handle("http connection", cause);
    close();
  }

  /** Ends the connection if its phase takes too long; for any thread. */
  void sweep(long now, Serving.Limits limits) {
    if (isLate(now, limits)) {
      execute(() -> {
        if (isLate(serving.nanoTime(), limits)) {
          endLate();
        }
      });
    }
  }

  private boolean isLate(long now, Serving.Limits limits) {
    return now - since > limits.nanos(phase);
  }

  private void endLate() {
    switch (phase) {
      case RECEIVING -> cut("slow-sender");
      case SENDING -> cut("slow-reader");
      default -> close();
    }
  }
}
