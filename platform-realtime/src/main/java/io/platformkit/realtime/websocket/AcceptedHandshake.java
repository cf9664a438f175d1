package io.platformkit.realtime.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A handshake that is right, and what was agreed on; not answered yet. For one thread. */
public final class AcceptedHandshake implements WebSocketHandshake {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final WebSocketOptions options;
  private final String key;
  private final Optional<String> subprotocol;
  private final Optional<DeflateAgreement> deflate;

  private AcceptedHandshake(
      WebSocketOptions options,
      String key,
      Optional<String> subprotocol,
      Optional<DeflateAgreement> deflate) {
    this.options = options;
    this.key = key;
    this.subprotocol = subprotocol;
    this.deflate = deflate;
  }

  /** For a request that breaks no rule. */
  static AcceptedHandshake of(HttpRequest request, WebSocketOptions options) {
    HttpHeaders headers = request.headers();
    List<String> subprotocols =
        HandshakeRules.tokens(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).orElseThrow();
    List<ExtensionOffer> extensions = HandshakeRules.extensions(headers).orElseThrow();
    return new AcceptedHandshake(
        options,
        headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY),
        subprotocols.stream().filter(options.subprotocols()::contains).findFirst(),
        options.compression() ? DeflateAgreement.on(extensions) : Optional.empty());
  }

  /** The first of the client's subprotocols that the server speaks. */
  public Optional<String> subprotocol() {
    return subprotocol;
  }

  /** Whether messages may be compressed in both directions. */
  public boolean isCompressed() {
    return deflate.isPresent();
  }

  /**
   * Answers with 101 and makes a WebSocket of the channel: the calling handler and Netty's {@link
   * HttpServerCodec} are removed, and the connection's is the last one. Other handlers that know
   * HTTP alone must be gone before. On the channel's event loop; once.
   *
   * @param context of the handler that got the request
   * @param listeners as in {@link #upgrade(Channel, Runnable, Function)}
   */
  public WebSocketConnection upgrade(
      ChannelHandlerContext context, Function<WebSocketConnection, WebSocketListener> listeners) {
    ChannelPipeline pipeline = context.pipeline();
    return upgrade(
        context.channel(),
        () -> {
          pipeline.remove(context.handler());
          pipeline.remove(HttpServerCodec.class);
        },
        listeners);
  }

  /**
   * As {@link #upgrade(ChannelHandlerContext, Function)}, on a channel whose HTTP is another one's.
   * If the client has gone meanwhile, the listener is told so at once.
   *
   * @param leaveHttp removes what speaks HTTP from the pipeline, and hands on the bytes that it has
   * @param listeners makes the connection's listener, which may send at once; called before the
   *     first message is read. If it throws, the connection is closed
   */
  public WebSocketConnection upgrade(
      Channel channel,
      Runnable leaveHttp,
      Function<WebSocketConnection, WebSocketListener> listeners) {
    WebSocketConnection connection =
        new WebSocketConnection(channel, options, compression(), subprotocol);
    WebSocketHandler handler = new WebSocketHandler(connection, options, isCompressed(), listeners);
    if (channel.isActive()) {
      // A WebSocket ends as a whole: a client that sends no more has left.
      channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
      ChannelFuture unused = channel.writeAndFlush(response(), channel.voidPromise());
      channel.pipeline().addLast(handler);
      leaveHttp.run(); // the first frames may come with it, and open the connection
      handler.open();
    } else {
      handler.open();
      handler.end();
    }
    return connection;
  }

  private Optional<Compression> compression() {
    return deflate.map(
        agreed -> new Compression(agreed.windowBits(), options.minCompressBytes(), options.zlib()));
  }

  FullHttpResponse response() {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
    headers.set(HttpHeaderNames.SEC_WEBSOCKET_ACCEPT, accept());
    subprotocol.ifPresent(name -> headers.set(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, name));
    deflate.ifPresent(
        agreed -> headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, agreed.header()));
    return response;
  }

  /** Proves that the handshake was understood (RFC 6455 §4.2.2). */
  private String accept() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
