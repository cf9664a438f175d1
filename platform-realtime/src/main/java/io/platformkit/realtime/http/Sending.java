package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Response;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of answers to the client. For the connection's event loop, but for what the thread calls
 * that makes the answer.
 */
final class Sending {
  private final Serving serving;
  private final ConnectionState state;
  private final RequestDecoder decoder;
  private final Ending ending;
  private final Consumer<Exchange> onSent;
  private final AtomicInteger queued = new AtomicInteger();
  private int unsent;

  /**
   * Sends nothing yet.
   *
   * @param onSent is told of each request that nothing more will be done for
   */
  Sending(
      Serving serving,
      ConnectionState state,
      RequestDecoder decoder,
      Ending ending,
      Consumer<Exchange> onSent) {
    this.serving = serving;
    this.state = state;
    this.decoder = decoder;
    this.ending = ending;
    this.onSent = onSent;
  }

  /** Sends the next bytes of the answer; for the thread that makes it. */
  void send(@Nullable AnswerHead head, ByteBuf bytes) {
    queue(head, bytes, false);
  }

  /** Sends the last bytes of the answer; for the thread that makes it. */
  void sendLast(@Nullable AnswerHead head, ByteBuf bytes) {
    queue(head, bytes, true);
  }

  /** What comes while the event loop is busy goes in one packet. */
  private void queue(@Nullable AnswerHead head, ByteBuf bytes, boolean last) {
    queued.incrementAndGet();
    state.execute(() -> write(head, bytes, last, queued.decrementAndGet() == 0));
  }

  /** Refuses the request after all; for the thread that makes the answer. */
  void refuseLate(Problem problem) {
    state.execute(() -> refuse(problem));
  }

  /** Ends an answer that will not be whole; for the thread that makes it. */
  void breakOff() {
    state.execute(() -> {
      ending.cut("broken-body");
      onSent.accept(state.exchange());
    });
  }

  /** Answers a request that may be partly unread, on a connection that will have no other. */
  void refuse(Problem problem) {
    decoder.discard();
    serving.metrics().refused(problem.status());
    answerLast(Reception.refusal(problem));
  }

  /** Sends an answer that is in memory, on a connection that will have no other. */
  void answerLast(Response response) {
    HttpRequest asked = state.exchange().head();
    AnswerHead head = AnswerHead.of(asked, response, serving.dates().now(), true);
    byte[] body = head.hasBody() ? bytes(response) : new byte[0];
    write(head, Unpooled.wrappedBuffer(body), true, true);
  }

  private static byte[] bytes(Response response) {
    try {
      return response.bytes();
    } catch (Exception e) {
      throw new IllegalArgumentException("answer must be in memory but its writer failed", e);
    }
  }

  private void write(@Nullable AnswerHead head, ByteBuf bytes, boolean last, boolean flush) {
    Exchange exchange = state.exchange();
    if (head != null) {
      exchange.answered(head);
    }
    if (!state.is(Phase.OVER) && !state.is(Phase.SENDING)) {
      state.enter(Phase.SENDING);
    }
    int count = bytes.readableBytes();
    unsent++;
    ChannelFuture unused =
        Messages.write(state.context(), head, bytes, last)
            .addListener(written -> sent(exchange, written.isSuccess(), count, last));
    if (flush) {
      state.context().flush();
    }
  }

  private void sent(Exchange exchange, boolean success, int count, boolean last) {
    unsent--;
    exchange.window().give(count);
    if (!success) {
      ending.leave();
    } else if (state.is(Phase.SENDING)) {
      state.enter(unsent > 0 || last ? Phase.SENDING : Phase.ANSWERING);
    }
    if (last) {
      onSent.accept(exchange);
    }
  }
}
