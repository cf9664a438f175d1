package io.platformkit.realtime.http;

import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpResponseEncoder;

/**
 * Between bytes and HTTP objects, one request at a time: see {@link RequestDecoder}. Removed, it
 * hands on what it has not read.
 */
final class HttpCodec extends CombinedChannelDuplexHandler<RequestDecoder, HttpResponseEncoder> {
  HttpCodec(HttpOptions options) {
    super(new RequestDecoder(options), new HttpResponseEncoder());
  }

  RequestDecoder requests() {
    return inboundHandler();
  }
}
