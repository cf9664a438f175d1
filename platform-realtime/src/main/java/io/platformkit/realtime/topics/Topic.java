package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.TopicOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One topic on this node: followed while somebody receives it. Whoever is attached gets, on its
 * lane, all that is delivered afterwards: both happen under one lock, and lanes keep the order.
 */
abstract class Topic {
  private final String name;
  private final TopicOptions options;
  final Context context;
  private final ReentrantLock following = new ReentrantLock(); // guards the next two; may be long
  private boolean followed;
  private boolean retired;
  final ReentrantLock lock = new ReentrantLock(); // guards what follows; never held while waiting
  final Condition moved = lock.newCondition();
  private final Map<Lane, Members> lanes = new LinkedHashMap<>();
  private int subscriptions;
  private long idleSince;

  Topic(String name, TopicOptions options, Context context) {
    this.name = name;
    this.options = options;
    this.context = context;
    this.idleSince = context.timers().nanoTime();
  }

  final String name() {
    return name;
  }

  final TopicOptions options() {
    return options;
  }

  /** Begins to follow; blocks. */
  abstract void follow();

  /** Ends to follow; blocks. */
  abstract void unfollow();

  /** Takes what {@link Codec} encoded. */
  abstract CompletableFuture<Published> publish(Encoded message);

  /** Where a subscription starts that names no position; on a topic without history it is live. */
  abstract void prepare(Subscription subscription, @Nullable Position from);

  abstract void begin(Subscription subscription);

  abstract void resume(Subscription subscription);

  /**
   * Counts a subscription in; the topic is followed from here on, until the last one has ended for
   * a while. Empty if this topic was retired: another one has its name.
   */
  final Optional<Subscription> subscribe(Subscriber subscriber, @Nullable Position from) {
    Subscription subscription = new Subscription(this, subscriber);
    following.lock();
    try {
      if (retired) {
        return Optional.empty();
      }
      if (!followed) {
        follow();
        followed = true;
      }
      locked(() -> subscriptions++);
    } finally {
      following.unlock();
    }
    prepare(subscription, from);
    return Optional.of(subscription);
  }

  /** Unless it was ended before. */
  final void end(Subscription subscription) {
    locked(() -> {
      if (subscription.countOut()) {
        subscriptions--;
        idleSince = context.timers().nanoTime();
      }
      Members members = lanes.get(subscription.subscriber().lane());
      if (members != null) {
        members.lane().change(members, () -> members.remove(subscription));
      }
      moved.signalAll();
    });
  }

  /** Follows no more if nobody has received it for so long; whether it did, and is of no use. */
  final boolean retireIfIdle(long nanos) {
    if (!isIdle(nanos) || !following.tryLock()) {
      return false;
    }
    try {
      if (isIdle(nanos)) {
        stopFollowing();
        retired = true;
      }
      return retired;
    } finally {
      following.unlock();
    }
  }

  private boolean isIdle(long nanos) {
    lock.lock();
    try {
      return subscriptions == 0 && context.timers().nanoTime() - idleSince >= nanos;
    } finally {
      lock.unlock();
    }
  }

  final void close() {
    following.lock();
    try {
      stopFollowing();
    } finally {
      following.unlock();
    }
  }

  private void stopFollowing() {
    if (followed) {
      unfollow();
      followed = false;
    }
  }

  /**
   * On the lane of the subscriber, after what was delivered so far; called under the lock.
   *
   * @param has up to where it has everything
   * @param first what it gets before all others
   */
  final void attach(Subscription subscription, @Nullable Position has, List<Delivery> first) {
    Members members = lanes.computeIfAbsent(subscription.subscriber().lane(), Members::new);
    members.lane().change(members, () -> members.attach(subscription, has, first));
  }

  /** Hands messages to all that are attached; called under the lock. */
  final void deliver(List<Delivery> deliveries) {
    lanes.forEach((lane, members) -> lane.deliver(members, deliveries));
  }

  /** Tells all that are attached; called under the lock. */
  final void gap(GapReason why, @Nullable Position at) {
    lanes.forEach((lane, members) -> lane.change(members, () -> members.gap(why, at)));
  }

  /** On the subscriber's lane, though it is not attached. */
  final void onLane(Subscription subscription, Runnable step) {
    lock.lock();
    try {
      Members members = lanes.computeIfAbsent(subscription.subscriber().lane(), Members::new);
      members.lane().change(members, step);
    } finally {
      lock.unlock();
    }
  }

  final void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** All of them that can be read. */
  final List<Delivery> decoded(List<StoredMessage> stored) {
    List<Delivery> deliveries = new ArrayList<>(stored.size());
    for (StoredMessage message : stored) {
      context.codec().decode(name, message).ifPresent(deliveries::add);
    }
    return deliveries;
  }
}
