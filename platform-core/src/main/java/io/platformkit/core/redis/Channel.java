package io.platformkit.core.redis;

import io.platformkit.core.redis.PubSub.Listener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A channel and who listens to it, how often. Changed under the lock of the subscriptions. */
final class Channel {
  private final byte[] name;
  private final Map<Listener, Integer> listeners = new ConcurrentHashMap<>();
  private boolean confirmed;

  Channel(byte[] name) {
    this.name = name;
  }

  byte[] name() {
    return name;
  }

  void add(Listener listener) {
    listeners.merge(listener, 1, Integer::sum);
  }

  /** Whether nobody is left. */
  boolean remove(Listener listener) {
    listeners.computeIfPresent(listener, (who, count) -> count == 1 ? null : count - 1);
    return listeners.isEmpty();
  }

  /** Tells each listener once; for any thread. */
  void tell(Consumer<Listener> what) {
    listeners.keySet().forEach(what);
  }

  /** Whether the server has ever said that messages come. */
  boolean isConfirmed() {
    return confirmed;
  }

  void confirm() {
    confirmed = true;
  }
}
