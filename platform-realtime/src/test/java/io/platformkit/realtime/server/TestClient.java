package io.platformkit.realtime.server;

import io.platformkit.core.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The JDK's WebSocket, speaking the protocol by hand. */
final class TestClient implements WebSocket.Listener, AutoCloseable {
  private static final Json JSON = Json.standard();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final List<Map<String, @Nullable Object>> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder parts = new StringBuilder();
  private final WebSocket socket;

  private TestClient(HttpClient http, URI uri, @Nullable String token, @Nullable String origin) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    if (token != null) {
      builder.header("Authorization", "Bearer " + token);
    }
    if (origin != null) {
      builder.header("Origin", origin);
    }
    socket = builder.buildAsync(uri, this).join();
  }

  static TestClient connect(RealtimeServer server) {
    return connect(server, "/ws", null);
  }

  static TestClient connect(RealtimeServer server, String path, @Nullable String token) {
    return new TestClient(HTTP, at(server.uri(), path), token, null);
  }

  static TestClient connect(URI node) {
    return connect(HTTP, node);
  }

  static TestClient connect(HttpClient http, URI node) {
    return new TestClient(http, at(node, "/ws"), null, null);
  }

  static TestClient withOrigin(RealtimeServer server, String origin) {
    return new TestClient(HTTP, at(server.uri(), "/ws"), null, origin);
  }

  private static URI at(URI node, String path) {
    return URI.create(node.toString().replaceFirst("^http", "ws") + path);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    parts.append(data);
    if (last) {
      messages.add(JSON.decodeObject(parts.toString().getBytes(StandardCharsets.UTF_8)));
      parts.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    closed.completeExceptionally(failure);
  }

  void send(String type, @Nullable String id, @Nullable Object payload) {
    Map<String, @Nullable Object> message = new LinkedHashMap<>();
    message.put("type", type);
    if (id != null) {
      message.put("id", id);
    }
    message.put("payload", payload);
    sendText(JSON.encodeText(message));
  }

  void sendText(String text) {
    socket.sendText(text, true).join();
  }

  List<Map<String, @Nullable Object>> messages() {
    return messages;
  }

  List<Map<String, @Nullable Object>> messages(String type) {
    return messages.stream().filter(message -> type.equals(message.get("type"))).toList();
  }

  /** The first of a type; waits for it. */
  Map<String, @Nullable Object> await(String type) {
    Awaitility.await().until(() -> !messages(type).isEmpty());
    return messages(type).getFirst();
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> payload(String type) {
    return (Map<String, Object>) Objects.requireNonNull(await(type).get("payload"));
  }

  int closeCode() {
    Awaitility.await().until(closed::isDone);
    return closed.join();
  }

  boolean isOver() {
    return closed.isDone();
  }

  /** Without a Close. */
  void cut() {
    socket.abort();
  }

  @Override
  public void close() {
    socket.abort();
  }
}
