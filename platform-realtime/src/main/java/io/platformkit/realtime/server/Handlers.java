package io.platformkit.realtime.server;

import io.platformkit.core.Bounds;
import io.platformkit.core.Json;
import io.platformkit.realtime.MessageHandler;
import io.platformkit.realtime.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * What the host does with messages of clients. Filled before the start; safe for concurrent use.
 */
final class Handlers {
  private final Map<String, Typed<?>> byType = new ConcurrentHashMap<>();
  private final List<Consumer<Session>> onOpen = new CopyOnWriteArrayList<>();
  private final List<Consumer<Session>> onClose = new CopyOnWriteArrayList<>();
  private volatile Optional<MessageHandler<byte[]>> onBinary = Optional.empty();

  /** A handler, and what it reads payloads as. */
  record Typed<T>(Class<T> type, MessageHandler<T> handler) {
    void handle(Session session, Json json, byte[] message) throws Exception {
      T payload =
          json.decodeMember(message, "payload", type)
              .orElseThrow(() -> new IllegalArgumentException("payload must be there"));
      handler.handle(session, payload);
    }
  }

  <T> void add(String type, Class<T> payload, MessageHandler<T> handler) {
    Bounds.requireName("type", type);
    if (Commands.TYPES.contains(type)) {
      throw new IllegalArgumentException(
          "type was '%s' but it must be none of the protocol's own: %s"
              .formatted(type, new TreeSet<>(Commands.TYPES)));
    }
    if (byType.putIfAbsent(type, new Typed<>(payload, handler)) != null) {
      throw new IllegalStateException("type '%s' has a handler already".formatted(type));
    }
  }

  void onOpen(Consumer<Session> action) {
    onOpen.add(action);
  }

  void onClose(Consumer<Session> action) {
    onClose.add(action);
  }

  void onBinary(MessageHandler<byte[]> handler) {
    if (onBinary.isPresent()) {
      throw new IllegalStateException("binary messages have a handler already");
    }
    onBinary = Optional.of(handler);
  }

  Optional<Typed<?>> of(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  Optional<MessageHandler<byte[]>> binary() {
    return onBinary;
  }

  void opened(Session session) {
    onOpen.forEach(each -> each.accept(session));
  }

  void closed(Session session) {
    onClose.forEach(each -> each.accept(session));
  }
}
