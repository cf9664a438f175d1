package io.platformkit.realtime.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.platformkit.core.http.Response;

/**
 * How an answer begins, and how its end is told.
 *
 * @param message what is sent
 * @param hasBody whether a body follows as far as HTTP is concerned
 * @param keepsAlive whether the connection may have another request
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.3">RFC 9112, 6.3</a>
 */
record AnswerHead(HttpResponse message, boolean hasBody, boolean keepsAlive) {
  /** Values were checked when the answer was made. */
  private static final DefaultHttpHeadersFactory HEADERS =
      DefaultHttpHeadersFactory.headersFactory().withValidation(false);

  /**
   * Frames an answer.
   *
   * @param last whether the connection must have no other request
   */
  static AnswerHead of(HttpRequest request, Response response, String date, boolean last) {
    boolean http10 = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    boolean hasBody = hasBody(request, response);
    boolean untilClosed = http10 && hasBody && response.length().isEmpty();
    boolean keepsAlive = !last && !untilClosed && HttpUtil.isKeepAlive(request);
    HttpResponse message =
        new DefaultHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()), HEADERS);
    HttpHeaders headers = message.headers();
    response.headers().forEach(headers::add);
    if (!headers.contains(HttpHeaderNames.DATE)) {
      headers.set(HttpHeaderNames.DATE, date);
    }
    if (response.length().isPresent()) {
      length(headers, response, hasBody);
    } else if (hasBody && !http10) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    connection(headers, keepsAlive, http10);
    return new AnswerHead(message, hasBody, keepsAlive);
  }

  private static boolean hasBody(HttpRequest request, Response response) {
    return !request.method().equals(HttpMethod.HEAD)
        && response.status() != 204
        && response.status() != 304;
  }

  /** To HEAD the length is that of GET; 204 and 304 have none. */
  private static void length(HttpHeaders headers, Response response, boolean hasBody) {
    if (hasBody || (response.status() != 204 && response.status() != 304)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, response.length().orElseThrow());
    }
  }

  private static void connection(HttpHeaders headers, boolean keepsAlive, boolean http10) {
    if (!keepsAlive) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (http10) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }
}
