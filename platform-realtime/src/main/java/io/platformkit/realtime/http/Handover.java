package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.util.function.Consumer;

/**
 * A connection that a {@link Takeover} gets, together with the request that asked for it. It holds
 * no request's slot and knows no timeout any more. For its event loop alone.
 *
 * <p>HTTP objects that are written to the channel are encoded until {@link #leaveHttp}. Until then,
 * or {@link #ignoreInput}, what the client sends behind its request waits.
 */
public final class Handover {
  private final Channel channel;
  private final HttpRequest head;
  private final Request request;
  private final Consumer<Response> onAnswer;

  Handover(Channel channel, HttpRequest head, Request request, Consumer<Response> onAnswer) {
    this.channel = channel;
    this.head = head;
    this.request = request;
    this.onAnswer = onAnswer;
  }

  /** The connection; what is added to the end of its pipeline gets what the client sends. */
  public Channel channel() {
    return channel;
  }

  /** The request's head as Netty has it. */
  public HttpRequest head() {
    return head;
  }

  /** The whole request, as an endpoint sees it. */
  public Request request() {
    return request;
  }

  /**
   * Answers the request after all, as the answer of an endpoint is sent, and then ends the
   * connection so that the client sees all of it. Instead of anything else.
   *
   * @param response of known length; {@link io.platformkit.core.http.Reception#refusal} makes one
   */
  public void answer(Response response) {
    onAnswer.accept(response);
  }

  /**
   * Throws away what the client sends from now on, and ends the connection once that is more than
   * 64 MiB: for whoever only sends. Where the client goes away is seen at once.
   */
  public void ignoreInput() {
    channel.pipeline().get(HttpCodec.class).requests().discard();
  }

  /**
   * Ends HTTP on the connection: bytes go as they are in both directions. Whatever the client sent
   * behind its request goes, in bytes, to what stands behind the HTTP codec in the pipeline, now.
   */
  public void leaveHttp() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(HttpCodec.class);
    channel.config().setAutoRead(true);
  }
}
