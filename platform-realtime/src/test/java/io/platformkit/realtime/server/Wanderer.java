package io.platformkit.realtime.server;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Receives one topic by WebSocket or by server-sent events, is cut again and again, and comes back
 * to some node with its position. Keeps the numbers that it got; {@link #GAP} stands between them
 * where it was told of one. For one thread, but for what says otherwise.
 */
final class Wanderer {
  static final int GAP = -1;
  private static final int AT_ONCE = -1;
  private static final int ENDLESS = Integer.MAX_VALUE;

  private final String topic;
  private final Supplier<List<URI>> nodes;
  private final IntSupplier last;
  private final Random random;
  private final boolean sse;
  private final List<Integer> got = new ArrayList<>();
  private @Nullable String position;
  private final List<Long> delays = new ArrayList<>();
  private long retry;
  private final List<String> visits = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile int reached = GAP;

  Wanderer(String topic, Supplier<List<URI>> nodes, IntSupplier last, boolean sse, long seed) {
    this.last = last;
    this.topic = topic;
    this.nodes = nodes;
    this.random = new Random(seed);
    this.sse = sse;
  }

  List<Integer> got() {
    return got;
  }

  /** After how many milliseconds it was told to come back, each time. */
  List<Long> delays() {
    return delays;
  }

  /** What a stream that was told so said to browsers; 0 for sockets. */
  long retry() {
    return retry;
  }

  boolean isStream() {
    return sse;
  }

  /** How often it was cut; for any thread. */
  int connections() {
    return connections.get();
  }

  /** The newest number that it has had; for any thread. */
  int reached() {
    return reached;
  }

  /** Connects once, until it has some more, or the last one of all, or is cut. */
  void visit(int most) {
    connect(random.nextInt(most));
  }

  /** Connects, and stays until the node ends it, or it has the last one of all. */
  void stay() {
    connect(ENDLESS);
  }

  /** Connects, says where it was, and is cut before it is answered. */
  void knock() {
    connect(AT_ONCE);
  }

  private void connect(int enough) {
    List<URI> all = nodes.get();
    URI node = all.get(random.nextInt(all.size()));
    try {
      if (sse) {
        visitStream(node, enough);
      } else {
        visitSocket(node, enough);
      }
      connections.incrementAndGet();
      visits.add("%d to %s".formatted(got.isEmpty() ? GAP : got.getLast(), node.getPort()));
    } catch (CompletionException unreachable) {
      // a node that was killed; the next one may be another one
    }
  }

  boolean hasAll() {
    return !got.isEmpty() && got.getLast() == last.getAsInt();
  }

  private void visitSocket(URI node, int enough) {
    try (TestClient client = TestClient.connect(node)) {
      Map<String, Object> wanted =
          position == null
              ? Map.of("topics", List.of(topic))
              : Map.of("topics", List.of(topic), "offsets", Map.of(topic, position));
      client.send("subscribe", "1", wanted);
      awaitEnough(client::messages, client::isOver, enough);
      client.messages().forEach(this::take);
    }
  }

  private void visitStream(URI node, int enough) {
    try (SseReader reader = SseReader.open(node, "/sse?topics=" + topic, position)) {
      List<Map<String, @Nullable Object>> read = new ArrayList<>();
      awaitEnough(() -> readOn(reader, read), reader::isOver, enough);
      int told = delays.size();
      for (Map<String, @Nullable Object> message : readOn(reader, read)) {
        take(message);
      }
      if (!read.isEmpty()) {
        position = reader.events().get(read.size() - 1).id();
      }
      if (delays.size() > told) {
        retry = reader.retries().getLast();
      }
    }
  }

  /** With those that came since. */
  private static List<Map<String, @Nullable Object>> readOn(
      SseReader reader, List<Map<String, @Nullable Object>> read) {
    List<SseReader.Event> all = reader.events();
    for (int i = read.size(); i < all.size(); i++) {
      read.add(all.get(i).envelope());
    }
    return read;
  }

  private void awaitEnough(
      Supplier<List<Map<String, @Nullable Object>>> messages, BooleanSupplier over, int enough) {
    if (enough == AT_ONCE) {
      return;
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(5))
        .pollInSameThread()
        .until(() -> {
          List<Map<String, @Nullable Object>> now = messages.get();
          boolean begun = now.stream().anyMatch(one -> "subscribed".equals(one.get("type")));
          boolean done = now.size() >= enough || hasAll() || hasLast(now);
          return over.getAsBoolean() || (begun && done);
        });
  }

  private boolean hasLast(List<Map<String, @Nullable Object>> messages) {
    Integer number = last.getAsInt();
    return messages.stream().anyMatch(one -> number.equals(one.get("payload")));
  }

  private void take(Map<String, @Nullable Object> message) {
    switch (String.valueOf(message.get("type"))) {
      case "n" -> {
        reached = (Integer) requireNonNull(message.get("payload"));
        got.add(reached);
        keep(message.get("offset"));
      }
      case "gap" -> {
        got.add(GAP);
        keep(((Map<?, ?>) requireNonNull(message.get("payload"))).get("offset"));
      }
      case "reconnect" -> {
        Map<?, ?> payload = (Map<?, ?>) requireNonNull(message.get("payload"));
        delays.add(((Number) requireNonNull(payload.get("after_ms"))).longValue());
      }
      case "subscribed" -> {
        Map<?, ?> payload = (Map<?, ?>) requireNonNull(message.get("payload"));
        Map<?, ?> topics = (Map<?, ?>) requireNonNull(payload.get("topics"));
        keep(((Map<?, ?>) requireNonNull(topics.get(topic))).get("offset"));
      }
      default -> {}
    }
  }

  private void keep(@Nullable Object offset) {
    if (!sse) {
      position = String.valueOf(offset);
    }
  }

  /** The first fault: a number that was missed, came twice or too early; empty if there is none. */
  String fault() {
    for (int i = 1; i < got.size(); i++) {
      int before = got.get(i - 1);
      int now = got.get(i);
      if (before != GAP && now != GAP && now != before + 1) {
        return "%d came after %d by %s; connections: %s"
            .formatted(now, before, sse ? "events" : "socket", visits);
      }
    }
    return "";
  }
}
