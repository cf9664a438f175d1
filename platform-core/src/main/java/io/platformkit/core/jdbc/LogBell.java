package io.platformkit.core.jdbc;

import io.platformkit.core.log.Tails;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes the tails of this process, and those of others as far as they can be reached. */
abstract class LogBell {
  private final Map<String, Set<Tails>> tails = new ConcurrentHashMap<>();

  /** Tails of a log of a namespace are to be woken. */
  void add(String namespace, Tails added) {
    tails.compute(namespace, (name, all) -> Sets.with(all, added));
  }

  void remove(String namespace, Tails removed) {
    tails.computeIfPresent(namespace, (name, all) -> Sets.without(all, removed));
  }

  /** Streams have something new. Never blocks. */
  final void ring(String namespace, Set<String> streams) {
    wake(namespace, streams);
    ringOthers(namespace, streams);
  }

  final void wake(String namespace, Set<String> streams) {
    for (Tails each : tails.getOrDefault(namespace, Set.of())) {
      streams.forEach(each::wake);
    }
  }

  final void wakeAll() {
    tails.values().forEach(all -> all.forEach(Tails::wakeAll));
  }

  final void wakeUps(boolean live) {
    tails.values().forEach(all -> all.forEach(each -> each.wakeUps(live)));
  }

  /** Tells other processes. Never blocks. */
  abstract void ringOthers(String namespace, Set<String> streams);

  /** Makes the wake-ups of others come; may block and throw. */
  abstract void arm();

  /** Whether the wake-ups of others can come at all. */
  abstract boolean hears();
}
