package io.platformkit.core.bus;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The subscriptions of one bus in this process, for adapters: a bounded queue and a virtual thread
 * for each; overflow is told, and never blocks who delivers. Safe for concurrent use.
 */
public final class Subscribers implements AutoCloseable {
  private final String name;
  private final int queue;
  private final ErrorHandler errors;
  private final Map<String, Set<QueuedSubscription>> topics = new ConcurrentHashMap<>();
  private final ReentrantLock adding = new ReentrantLock(); // guards closed
  private boolean closed;

  private Subscribers(String name, int queue, ErrorHandler errors) {
    this.name = name;
    this.queue = queue;
    this.errors = errors;
  }

  /**
   * No subscribers.
   *
   * @param name of the bus in thread names: {@code "redis-bus"}
   * @param queue messages that wait for one subscriber, at least 1
   */
  public static Subscribers of(String name, int queue, ErrorHandler errors) {
    Bounds.requireCount("queue", queue, 1, Integer.MAX_VALUE);
    return new Subscribers(
        Objects.requireNonNull(name, "name"), queue, Objects.requireNonNull(errors, "errors"));
  }

  /**
   * Adds a listener; messages delivered from now on reach it.
   *
   * @param onClose called once when the subscription is closed, after its last delivery
   * @throws IllegalStateException if these subscribers are closed
   */
  public Subscription add(String topic, BusListener listener, Runnable onClose) {
    Objects.requireNonNull(listener, "listener");
    Objects.requireNonNull(onClose, "onClose");
    QueuedSubscription added = new QueuedSubscription(this, topic, queue, listener, onClose);
    adding.lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      topics.compute(
          topic,
          (key, known) -> {
            Set<QueuedSubscription> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(added);
            return all;
          });
    } finally {
      adding.unlock();
    }
    return added;
  }

  /** Whether anyone listens to the topic. */
  public boolean hasAny(String topic) {
    return topics.containsKey(topic);
  }

  /** Hands a message to all listeners of the topic. Never blocks; each gets a copy of its own. */
  public void deliver(String topic, byte[] data) {
    of(topic).forEach(subscription -> subscription.offer(data.clone()));
  }

  /** Tells all listeners, or those of one topic, that messages were perhaps missed. */
  public void missed() {
    topics.values().forEach(all -> all.forEach(QueuedSubscription::missed));
  }

  /** As {@link #missed()}, for one topic. */
  public void missed(String topic) {
    of(topic).forEach(QueuedSubscription::missed);
  }

  private Set<QueuedSubscription> of(String topic) {
    return topics.getOrDefault(topic, Set.of());
  }

  void remove(String topic, QueuedSubscription subscription) {
    topics.computeIfPresent(
        topic,
        (key, known) -> {
          known.remove(subscription);
          return known.isEmpty() ? null : known;
        });
  }

  Thread start(Runnable task) {
    return Thread.ofVirtual().name("platform-" + name + "-subscriber").start(task);
  }

  void listenerFailed(String what, String topic, Throwable failure) {
    errors.handle("%s of a subscriber of '%s' of %s".formatted(what, topic, name), failure);
  }

  @Override
  public void close() {
    adding.lock();
    try {
      closed = true;
    } finally {
      adding.unlock();
    }
    topics.values().stream().flatMap(Set::stream).toList().forEach(QueuedSubscription::close);
  }
}
