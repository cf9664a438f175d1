package io.platformkit.realtime.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.platformkit.core.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Reads a stream of server-sent events, byte by byte as the standard says. */
final class SseReader implements AutoCloseable {
  private static final Json JSON = Json.standard();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final HttpResponse<InputStream> response;
  private final String lastId; // kept until another one comes
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Long> retries = new CopyOnWriteArrayList<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

  /** One event; an id that was not there is that of the one before. */
  record Event(String name, String id, String data) {
    Map<String, @Nullable Object> envelope() {
      return JSON.decodeObject(data.getBytes(UTF_8));
    }

    String type() {
      return String.valueOf(envelope().get("type"));
    }
  }

  private SseReader(HttpResponse<InputStream> response, String lastId) {
    this.response = response;
    this.lastId = lastId;
    if (response.statusCode() == 200) {
      Thread.ofVirtual().start(this::read);
    }
  }

  static SseReader open(RealtimeServer server, String path, @Nullable String lastId) {
    return open(server.uri(), path, lastId);
  }

  static SseReader open(URI node, String path, @Nullable String lastId) {
    return open(HTTP, node, path, lastId);
  }

  static SseReader open(HttpClient http, URI node, String path, @Nullable String lastId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(node + path)).header("Accept", "text/event-stream");
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    return new SseReader(
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream()).join(),
        lastId == null ? "" : lastId);
  }

  private void read() {
    String name = "message";
    String id = lastId;
    StringBuilder data = new StringBuilder();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && data.length() > 0) {
          events.add(new Event(name, id, data.toString()));
          data.setLength(0);
          name = "message";
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("retry: ")) {
          retries.add(Long.parseLong(line.substring(7)));
        }
      }
      ended.complete(null);
    } catch (IOException e) {
      ended.completeExceptionally(e);
    }
  }

  int status() {
    return response.statusCode();
  }

  List<Event> events() {
    return events;
  }

  List<Event> events(String type) {
    return events.stream().filter(event -> event.type().equals(type)).toList();
  }

  Event await(String type) {
    Awaitility.await().until(() -> !events(type).isEmpty());
    return events(type).getFirst();
  }

  String lastId() {
    return events.getLast().id();
  }

  /** When to come back, in milliseconds; the last one is valid. */
  List<Long> retries() {
    return retries;
  }

  boolean isOver() {
    return ended.isDone();
  }

  void awaitEnd() {
    Awaitility.await().until(ended::isDone);
  }

  @Override
  public void close() {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
