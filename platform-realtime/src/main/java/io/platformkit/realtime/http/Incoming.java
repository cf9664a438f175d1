package io.platformkit.realtime.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Reception;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One request while it is read: its head is checked, its body collected within its bound. */
final class Incoming {
  private final HttpRequest head;
  private final Request.Builder request;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private int maxBodyBytes;

  private Incoming(HttpRequest head, Request.Builder request) {
    this.head = head;
    this.request = request;
  }

  /**
   * Starts with a head that was decoded.
   *
   * @throws ProblemException if it is malformed or asks for what is not offered
   */
  static Incoming of(HttpRequest head, Channel channel, Reception reception, int maxHeaders) {
    if (head.headers().size() > maxHeaders) {
      throw Problem.of(431, "request must have at most " + maxHeaders + " headers").toException();
    }
    Request.Builder request = reception.begin(read(head, channel));
    requireKnownFraming(head.headers());
    requireKnownExpectation(head.headers());
    return new Incoming(head, request);
  }

  /** What is wrong with bytes that could not be decoded. */
  static Problem malformed(DecoderResult result, HttpOptions options) {
    return switch (result.cause()) {
      case TooLongHttpLineException e ->
          Problem.of(
              414,
              "request target must have at most %d characters"
                  .formatted(options.requests().maxTargetLength()));
      case TooLongHttpHeaderException e ->
          Problem.of(
              431, "headers must have at most %d bytes in all".formatted(options.maxHeaderBytes()));
      default -> Problem.of(400, "request is malformed");
    };
  }

  private static RequestHead read(HttpRequest head, Channel channel) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    head.headers()
        .iteratorAsString()
        .forEachRemaining(line ->
            headers.computeIfAbsent(line.getKey(), any -> new ArrayList<>(1)).add(line.getValue()));
    return new RequestHead(
        head.method().name(),
        head.uri(),
        head.protocolVersion().text(),
        headers,
        (InetSocketAddress) channel.localAddress(),
        (InetSocketAddress) channel.remoteAddress(),
        channel.pipeline().get(SslHandler.class) != null);
  }

  /**
   * Anything but plain digits or one plain {@code chunked} may be understood in another way by a
   * proxy in front; a folded value is one of those.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-6.1">RFC 9112, 6.1</a>
   */
  private static void requireKnownFraming(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length != null && !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Problem.of(400, "Content-Length must be digits").toException();
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked"))) {
      throw Problem.of(501, "Transfer-Encoding must be chunked").toException();
    }
  }

  private static void requireKnownExpectation(HttpHeaders headers) {
    String expected = headers.get(HttpHeaderNames.EXPECT);
    if (expected != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expected)) {
      throw Problem.of(417, "Expect must be 100-continue").toException();
    }
  }

  HttpRequest head() {
    return head;
  }

  /** Whether the client sends its body only after a word from us. */
  boolean expectsContinue() {
    return HttpUtil.is100ContinueExpected(head)
        && (HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0);
  }

  /**
   * Allows so many bytes of a body.
   *
   * @throws ProblemException 413 if more are announced
   */
  void allow(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
    if (HttpUtil.getContentLength(head, 0L) > maxBodyBytes) {
      throw tooLarge();
    }
  }

  /**
   * Takes more of the body.
   *
   * @throws ProblemException 413 if it becomes too large
   */
  void add(ByteBuf piece) throws IOException {
    if (piece.readableBytes() > maxBodyBytes - body.size()) {
      throw tooLarge();
    }
    piece.readBytes(body, piece.readableBytes());
  }

  private ProblemException tooLarge() {
    return Problem.of(413, "body must have at most " + maxBodyBytes + " bytes").toException();
  }

  /**
   * The request, once all of it is there.
   *
   * @throws ProblemException 400 if path or query are badly encoded
   */
  Request finish() {
    byte[] whole = body.toByteArray();
    body = new ByteArrayOutputStream(0); // or it is in memory twice while the request runs
    return request.body(whole).build();
  }
}
