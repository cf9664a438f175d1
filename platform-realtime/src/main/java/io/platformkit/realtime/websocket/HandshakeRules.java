package io.platformkit.realtime.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a client's handshake must be (RFC 6455 §4.2.1), one rule after the other. */
final class HandshakeRules {
  static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int KEY_CHARACTERS = 24;
  private static final int SHOWN = 100;

  private static final List<Function<HttpRequest, Optional<RefusedHandshake>>> RULES =
      List.of(
          HandshakeRules::ofMethod,
          HandshakeRules::ofHttpVersion,
          HandshakeRules::ofHost,
          HandshakeRules::ofUpgrade,
          HandshakeRules::ofConnection,
          HandshakeRules::ofVersion,
          HandshakeRules::ofKey,
          HandshakeRules::ofBody,
          HandshakeRules::ofSubprotocols,
          HandshakeRules::ofExtensions);

  private HandshakeRules() {}

  static Optional<RefusedHandshake> firstBroken(HttpRequest request) {
    return RULES.stream().flatMap(rule -> rule.apply(request).stream()).findFirst();
  }

  /** The values of a list in one or many headers; empty if it breaks the grammar. */
  static Optional<List<String>> tokens(HttpHeaders headers, CharSequence name) {
    List<String> tokens = new ArrayList<>();
    HeaderText text = new HeaderText(String.join(",", headers.getAll(name)));
    text.skipEmptyElements();
    while (!text.isAtEnd()) {
      String token = text.token();
      if (token.isEmpty() || !text.endsElement()) {
        return Optional.empty();
      }
      tokens.add(token);
    }
    return Optional.of(tokens);
  }

  /** The offered extensions; empty if they break the grammar. */
  static Optional<List<ExtensionOffer>> extensions(HttpHeaders headers) {
    List<String> all = headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
    return ExtensionOffer.parse(String.join(",", all));
  }

  private static Optional<RefusedHandshake> ofMethod(HttpRequest request) {
    return HttpMethod.GET.equals(request.method())
        ? Optional.empty()
        : refused(405, "method was '%s' but it must be GET", request.method(), "Allow", "GET");
  }

  private static Optional<RefusedHandshake> ofHttpVersion(HttpRequest request) {
    return unless(
        request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0,
        "version of HTTP",
        request.protocolVersion().text(),
        "HTTP/1.1 or newer");
  }

  private static Optional<RefusedHandshake> ofHost(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    return unless(hosts.size() == 1, "Host", hosts, "given once");
  }

  private static Optional<RefusedHandshake> ofUpgrade(HttpRequest request) {
    return WebSocketHandshake.isAskedFor(request)
        ? Optional.empty()
        : refused(
            426,
            "Upgrade was '%s' but it must name websocket",
            shown(request.headers().getAll(HttpHeaderNames.UPGRADE)),
            "Upgrade",
            "websocket");
  }

  private static Optional<RefusedHandshake> ofConnection(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return unless(
        headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true),
        "Connection",
        headers.getAll(HttpHeaderNames.CONNECTION),
        "a list with Upgrade");
  }

  private static Optional<RefusedHandshake> ofVersion(HttpRequest request) {
    List<String> versions = request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_VERSION);
    return versions.equals(List.of(VERSION))
        ? Optional.empty()
        : refused(
            426,
            "Sec-WebSocket-Version was '%s' but it must be " + VERSION,
            shown(versions),
            "Sec-WebSocket-Version",
            VERSION);
  }

  private static Optional<RefusedHandshake> ofKey(HttpRequest request) {
    List<String> keys = request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return unless(
        keys.size() == 1 && isKey(keys.getFirst()),
        "Sec-WebSocket-Key",
        keys,
        "given once, 16 bytes in Base64");
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == KEY_CHARACTERS && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** What follows the head must be frames. */
  private static Optional<RefusedHandshake> ofBody(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
      return unless(false, "Transfer-Encoding", encodings, "absent");
    }
    return unless(lengths.stream().allMatch("0"::equals), "Content-Length", lengths, "0");
  }

  private static Optional<RefusedHandshake> ofSubprotocols(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return unless(
        tokens(headers, HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL).isPresent(),
        "Sec-WebSocket-Protocol",
        headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL),
        "a list of tokens");
  }

  private static Optional<RefusedHandshake> ofExtensions(HttpRequest request) {
    HttpHeaders headers = request.headers();
    return unless(
        extensions(headers).isPresent(),
        "Sec-WebSocket-Extensions",
        headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS),
        "a list of extensions");
  }

  private static Optional<RefusedHandshake> unless(
      boolean right, String name, Object value, String rule) {
    if (right) {
      return Optional.empty();
    }
    String reason = "%s was '%s' but it must be %s".formatted(name, shown(value), rule);
    return Optional.of(new RefusedHandshake(400, reason, Map.of()));
  }

  private static Optional<RefusedHandshake> refused(
      int status, String reason, Object value, String header, String headerValue) {
    return Optional.of(
        new RefusedHandshake(status, reason.formatted(value), Map.of(header, headerValue)));
  }

  private static String shown(Object value) {
    String text = value instanceof List<?> list ? joined(list) : value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private static String joined(List<?> values) {
    return String.join(", ", values.stream().map(Object::toString).toList());
  }
}
