package io.platformkit.realtime.server;

import io.platformkit.core.identity.Principal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The sessions of this node. Safe for concurrent use. */
final class Sessions {
  private final Map<String, ClientSession> byId = new ConcurrentHashMap<>();
  private final LongAdder opened = new LongAdder();

  void add(ClientSession session) {
    byId.put(session.id(), session);
    opened.increment();
  }

  void remove(ClientSession session) {
    byId.remove(session.id());
  }

  Optional<ClientSession> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  Collection<ClientSession> all() {
    return byId.values();
  }

  List<ClientSession> ofUser(String id) {
    return byId.values().stream()
        .filter(session -> session.principal().map(Principal::id).filter(id::equals).isPresent())
        .toList();
  }

  int count() {
    return byId.size();
  }

  /** Since the start. */
  long opened() {
    return opened.sum();
  }

  /** That wait for all clients. */
  long pendingBytes() {
    return byId.values().stream().mapToLong(ClientSession::pendingBytes).sum();
  }
}
