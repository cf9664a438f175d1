package io.platformkit.realtime.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/**
 * The request is no WebSocket handshake that this server can take.
 *
 * @param status 400, 405 or 426
 * @param reason names header, value and rule; of the client's own words
 * @param headers what the answer must carry: {@code Sec-WebSocket-Version}, {@code Upgrade}, {@code
 *     Allow}
 */
public record RefusedHandshake(int status, String reason, Map<String, String> headers)
    implements WebSocketHandshake {

  /** Copies the headers. */
  public RefusedHandshake {
    headers = Map.copyOf(headers);
  }

  /** The answer, with the reason as plain text. */
  public FullHttpResponse response() {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.copiedBuffer(reason, UTF_8));
    HttpHeaders all = response.headers();
    headers.forEach(all::set);
    all.set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    all.set("X-Content-Type-Options", "nosniff");
    all.setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    return response;
  }
}
