package io.platformkit.realtime.server;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.Audience;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.topics.Subscription;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The topics and rooms that a session receives. Safe for concurrent use. */
final class Subscriptions {
  private final ClientSession session;
  private final Node node;
  private final Map<String, Subscription> byTopic = new ConcurrentHashMap<>(4);
  private final AtomicInteger syncing = new AtomicInteger();

  Subscriptions(ClientSession session, Node node) {
    this.session = session;
    this.node = node;
  }

  Set<String> names() {
    return new TreeSet<>(byTopic.keySet());
  }

  /** Whether it still gets what it missed. */
  boolean isSyncing() {
    return syncing.get() > 0;
  }

  void subscribe(String topic, @Nullable Position from) {
    begin(open(topic, from));
  }

  /**
   * Subscribes it; {@link #begin} delivers.
   *
   * @throws IllegalStateException if it has as many topics as it may, or as one id can tell of
   */
  Subscription open(String topic, @Nullable Position from) {
    if (byTopic.size() >= node.limits().maxTopics()) {
      throw new IllegalStateException(
          "a session may receive at most %d topics".formatted(node.limits().maxTopics()));
    }
    requirePlaced(topic);
    Subscription subscription = node.topics().subscribe(session.sender(), topic, from);
    byTopic.compute(
        topic,
        (same, before) -> {
          if (before != null) {
            before.end();
          }
          node.sessions().subscribed(session, topic);
          return subscription;
        });
    if (session.isEnded()) {
      end(subscription);
    }
    session.sender().moved(topic, subscription.at());
    return subscription;
  }

  /** A stream of events whose ids were too long could not be resumed. */
  private void requirePlaced(String topic) {
    if (!session.sender().carrier().canPlace(() -> keptWith(topic))) {
      throw new IllegalStateException(Cursors.TOO_LONG);
    }
  }

  private List<String> keptWith(String topic) {
    return Stream.concat(Stream.of(topic), byTopic.keySet().stream())
        .distinct()
        .filter(node::isKept)
        .toList();
  }

  /** Delivers what was missed, on a thread of its own, and then what comes. */
  void begin(Subscription subscription) {
    syncing.incrementAndGet();
    node.workers()
        .execute(() -> {
          try {
            subscription.begin();
          } catch (RuntimeException failure) {
            node.errors().handle("history of topic '%s'".formatted(subscription.topic()), failure);
            session.close(CloseReason.UNAVAILABLE);
          } finally {
            syncing.decrementAndGet();
          }
        });
  }

  /** Whether it received the topic. */
  boolean unsubscribe(String topic) {
    boolean[] received = {false};
    byTopic.computeIfPresent(
        topic,
        (same, subscription) -> {
          received[0] = true;
          end(subscription);
          return null;
        });
    if (received[0]) {
      session.sender().moved(topic, Optional.empty());
    }
    return received[0];
  }

  private void end(Subscription subscription) {
    subscription.end();
    node.sessions().unsubscribed(session, subscription.topic());
  }

  void join(String room, @Nullable Position from) {
    subscribe(Audience.ROOMS + room, from);
    node.rooms().joined(session, room);
  }

  void leave(String room) {
    if (unsubscribe(Audience.ROOMS + room)) {
      node.rooms().left(session, room);
    }
  }

  /** The session has ended; its topics are still told to who asks. */
  void end() {
    byTopic.values().forEach(this::end);
  }
}
