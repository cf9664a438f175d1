package io.platformkit.realtime.server;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions go by a name: a user's, or a topic's. Small for names that one session has. Safe
 * for concurrent use.
 */
final class SessionIndex {
  private final Map<String, Set<ClientSession>> byName = new ConcurrentHashMap<>();

  void add(String name, ClientSession session) {
    byName.compute(name, (same, there) -> there == null ? Set.of(session) : with(there, session));
  }

  private static Set<ClientSession> with(Set<ClientSession> there, ClientSession session) {
    if (there.contains(session)) {
      return there;
    }
    Set<ClientSession> more = there;
    if (there.size() == 1) { // perhaps one that can't grow
      more = ConcurrentHashMap.newKeySet();
      more.addAll(there);
    }
    more.add(session);
    return more;
  }

  void remove(String name, ClientSession session) {
    byName.computeIfPresent(name, (same, there) -> without(there, session));
  }

  private static @Nullable Set<ClientSession> without(
      Set<ClientSession> there, ClientSession session) {
    if (there.size() == 1) {
      return there.contains(session) ? null : there;
    }
    there.remove(session);
    return there;
  }

  Set<ClientSession> find(String name) {
    return byName.getOrDefault(name, Set.of());
  }

  /** Those that some session has. */
  Set<String> names() {
    return byName.keySet();
  }
}
