package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;

/**
 * One connection, one request after the other, behind a {@link RequestDecoder}. Everything happens
 * on its event loop, but for what says otherwise.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
  private final Serving serving;
  private final RequestDecoder decoder;
  private final ConnectionState state;
  private final Runnable onSlot = this::offerSlot;
  private final Ending ending;
  private final Sending sending;

  HttpConnection(Serving serving, RequestDecoder decoder) {
    this.serving = serving;
    this.decoder = decoder;
    state = new ConnectionState(serving);
    ending = new Ending(serving, state, decoder, onSlot);
    sending = new Sending(serving, state, decoder, ending, this::end);
  }

  /** What it does; for any thread. */
  Phase phase() {
    return state.phase();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    state.attach(context);
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    serving.connections().add(this);
    if (serving.isClosed()) {
      ending.close();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    serving.connections().remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    try {
      if (message instanceof HttpRequest head && !isEnding()) {
        begin(head);
      }
      if (message instanceof HttpContent content && !isEnding()) {
        receive(state.exchange(), content);
      }
    } catch (ProblemException e) {
      sending.refuse(e.problem());
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private boolean isEnding() {
    return state.is(Phase.OVER) || decoder.isDiscarding();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    noticeBeginning();
    context.fireChannelReadComplete();
  }

  private void noticeBeginning() {
    if ((state.is(Phase.OPENED) || state.is(Phase.IDLE)) && decoder.hasBegun()) {
      state.enter(Phase.RECEIVING);
    }
  }

  private void begin(HttpRequest head) {
    if (head.decoderResult().cause() instanceof PrematureChannelClosureException) {
      ending.cut("client-gone");
      return;
    }
    if (!state.is(Phase.RECEIVING)) {
      state.enter(Phase.RECEIVING);
    }
    Exchange exchange = state.begin(new Exchange(serving, head, state.since()));
    exchange.admit(state.channel());
    if (exchange.takeover().isEmpty()) {
      takeSlot(exchange);
    }
  }

  private void takeSlot(Exchange exchange) {
    if (serving.slots().take(onSlot)) {
      gotSlot(exchange);
    } else {
      decoder.hold();
      serving.afterGrace(() -> state.execute(() -> stopWaiting(exchange)));
      state.enter(Phase.WAITING);
    }
  }

  private void gotSlot(Exchange exchange) {
    exchange.gotSlot();
    if (exchange.incoming().expectsContinue()) {
      ChannelFuture unused = Messages.writeContinue(state.context());
    }
  }

  /** A slot is free for the request that waits; for any thread. */
  private void offerSlot() {
    state.execute(this::slotIsFree);
  }

  private void slotIsFree() {
    if (!state.is(Phase.WAITING)) {
      serving.slots().release();
      return;
    }
    Exchange exchange = state.exchange();
    state.enter(Phase.RECEIVING);
    gotSlot(exchange);
    if (exchange.isWhole()) {
      answer(exchange);
    } else {
      goOn();
    }
  }

  private void stopWaiting(Exchange exchange) {
    boolean waits = state.is(Phase.WAITING) && exchange.equals(state.exchange());
    if (waits && serving.slots().giveUp(onSlot)) {
      int most = serving.options().requests().maxConcurrentRequests();
      sending.refuse(Problem.of(503, "the server answers %d requests already".formatted(most)));
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
    state.enter(Phase.ANSWERING);
    exchange.start(new Answer(sending, serving, exchange.incoming(), exchange.window()));
  }

  private void handOver(Exchange exchange, Takeover takeover) {
    if (decoder.hasInputEnded()) {
      ending.leave();
      return;
    }
    Request request = exchange.incoming().finish();
    Channel channel = state.channel();
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    channel.pipeline().remove(this);
    state.handOver();
    try {
      takeover.take(
          new Handover(
              channel, exchange.head(), request, response -> takeBack(exchange, response)));
    } catch (Exception e) {
      serving.errors().handle("takeover of " + request, e);
      ending.close();
    }
  }

  /** Whoever was handed the connection has nothing but an answer for it. */
  private void takeBack(Exchange exchange, Response response) {
    Channel channel = state.channel();
    if (channel.isActive()) {
      HttpConnection again = new HttpConnection(serving, decoder);
      channel.pipeline().addLast(again);
      again.state.begin(exchange);
      again.sending.answerLast(response);
    }
  }

  /** Nothing more will be done for the request: there may be another one. */
  private void end(Exchange exchange) {
    state.end(exchange);
    if (state.is(Phase.OVER)) {
      return;
    }
    if (exchange.keepsAlive()) {
      state.enter(Phase.IDLE);
      goOn();
      noticeBeginning();
    } else {
      ending.linger();
    }
  }

  private void goOn() {
    try {
      decoder.goOn();
    } catch (Exception e) {
      ending.fail(e);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ending.leave();
    context.fireChannelInactive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      ending.inputEnded();
    }
    context.fireUserEventTriggered(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ending.fail(cause);
  }

  /** Ends the connection and interrupts whoever works for it; for any thread. */
  void abort() {
    state.execute(() -> {
      state.current().ifPresent(Exchange::interrupt);
      ending.close();
    });
  }

  /** Ends the connection if its phase takes too long; for any thread. */
  void sweep(long now, Serving.Limits limits) {
    if (state.isLate(now, limits)) {
      state.execute(() -> {
        if (state.isLate(serving.nanoTime(), limits)) {
          ending.late();
        }
      });
    }
  }
}
