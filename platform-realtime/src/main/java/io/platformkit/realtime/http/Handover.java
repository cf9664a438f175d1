package io.platformkit.realtime.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.platformkit.core.http.Request;

/**
 * A connection that a {@link Takeover} gets, together with the request that asked for it. It holds
 * no request's slot and knows no timeout any more. For its event loop alone.
 *
 * <p>HTTP objects that are written to the channel are encoded until {@link #leaveHttp}. Until then
 * nothing is read either: what the client sends behind its request waits.
 */
public final class Handover {
  private final Channel channel;
  private final HttpRequest head;
  private final Request request;

  Handover(Channel channel, HttpRequest head, Request request) {
    this.channel = channel;
    this.head = head;
    this.request = request;
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
   * Ends HTTP on the connection: bytes go as they are in both directions. Whatever the client sent
   * behind its request goes, in bytes, to what stands behind the HTTP codec in the pipeline, now.
   */
  public void leaveHttp() {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(HttpCodec.class);
    channel.config().setAutoRead(true);
  }
}
