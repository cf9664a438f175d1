package io.platformkit.core.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What an endpoint answers: a status, headers, and a body of bytes or a stream. Immutable.
 *
 * <p>Nothing in it can end a header's line; length, framing and connection are the server's.
 */
public final class Response {
  private static final Json JSON = Json.standard();
  private static final byte[] NO_BODY = {};
  private static final Set<String> OF_THE_SERVER =
      Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

  private final int status;
  private final Map<String, List<String>> headers;
  private final OptionalLong length;
  private final Body body;

  private Response(int status, Map<String, List<String>> headers, OptionalLong length, Body body) {
    this.status = requireStatus(status);
    this.headers = headers;
    this.length = length;
    this.body = body;
  }

  /**
   * Status 200 with these bytes; they are not copied.
   *
   * @param contentType {@code "image/png"}, {@code "text/html; charset=utf-8"}
   */
  public static Response ok(byte[] body, String contentType) {
    return bytes(200, body).withHeader("Content-Type", contentType);
  }

  /** Status 200 with the value in {@link Json#standard() standard} JSON: 1 MiB at most. */
  public static Response json(Object value) {
    return json(JSON, value);
  }

  /** Status 200 with the value in the host's own JSON. */
  public static Response json(Json json, Object value) {
    return ok(json.encode(value), "application/json");
  }

  /** Status 200 with plain text in UTF-8. */
  public static Response text(String text) {
    return ok(text.getBytes(UTF_8), "text/plain; charset=utf-8");
  }

  /**
   * This status without a body; for an error, {@link Problem#toResponse()} tells the caller more.
   *
   * @param status from 200 to 599
   */
  public static Response status(int status) {
    return bytes(status, NO_BODY);
  }

  /**
   * Status 200 with a body of unknown length, written while it is sent. For a HEAD request the
   * writer is not called.
   */
  public static Response stream(String contentType, Body body) {
    return new Response(200, Map.of(), OptionalLong.empty(), body)
        .withHeader("Content-Type", contentType);
  }

  private static Response bytes(int status, byte[] body) {
    return new Response(status, Map.of(), OptionalLong.of(body.length), out -> out.write(body));
  }

  /** From 200 to 599. */
  public int status() {
    return status;
  }

  /** All headers; the map ignores case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** The first value of a header; its name is matched without regard to case. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(List::getFirst);
  }

  /** How many bytes the body has; empty if it is a stream. */
  public OptionalLong length() {
    return length;
  }

  /** The writer of the body, for servers. */
  public Body body() {
    return body;
  }

  /**
   * The whole body in memory: for tests and small answers. Runs the writer of a stream.
   *
   * @throws Exception what the writer throws
   */
  public byte[] bytes() throws Exception {
    var bytes = new ByteArrayOutputStream();
    body.writeTo(bytes);
    return bytes.toByteArray();
  }

  /** This answer with another status, from 200 to 599. */
  public Response withStatus(int status) {
    return new Response(status, headers, length, body);
  }

  /**
   * This answer with a header instead of what it had under that name; several values are sent as
   * several lines, none takes the header away.
   *
   * @throws IllegalArgumentException if the name is no HTTP token or one of those that the server
   *     sets (Connection, Content-Length, Keep-Alive, Transfer-Encoding, Upgrade), or if a value is
   *     not printable ASCII
   */
  public Response withHeader(String name, String... values) {
    if (OF_THE_SERVER.contains(Syntax.requireToken("header", name).toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("header was '%s' but the server sets it".formatted(name));
    }
    Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    more.putAll(headers);
    more.remove(name);
    if (values.length > 0) {
      more.put(name, Stream.of(values).map(value -> Syntax.requireValue(name, value)).toList());
    }
    return new Response(status, Collections.unmodifiableMap(more), length, body);
  }

  /** Status and content type. */
  @Override
  public String toString() {
    return status + header("Content-Type").map(type -> " " + type).orElse("");
  }

  private static int requireStatus(int status) {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(
          "status was '%d' but it must be from 200 to 599".formatted(status));
    }
    return status;
  }

  /** Writes the bytes of a body. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes everything and returns; may block, must not close the stream. Runs on the request's
     * thread after the head is sent, so a throw can only cut the connection: the caller sees that
     * the body is incomplete.
     *
     * @param out flush it to send what is there before more is ready
     */
    void writeTo(OutputStream out) throws Exception;
  }
}
