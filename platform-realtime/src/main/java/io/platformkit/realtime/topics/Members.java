package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The subscriptions of one topic on one lane; for the lane's thread. */
final class Members {
  private static final int BATCH_BYTES = 64 << 10;

  private final Lane lane;
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<Delivery> due = new ArrayList<>();

  Members(Lane lane) {
    this.lane = lane;
  }

  Lane lane() {
    return lane;
  }

  /** Adds a subscription, unless it has ended, and delivers what it gets before all others. */
  void attach(Subscription subscription, @Nullable Position has, List<Delivery> first) {
    if (subscription.isEnded() || subscription.index != Subscription.NOWHERE) {
      return;
    }
    subscription.members = this;
    subscription.index = subscriptions.size();
    subscriptions.add(subscription);
    if (has != null) {
      subscription.has(has);
    }
    if (!first.isEmpty()) {
      Batch missed = new Batch(first);
      if (!subscription.deliver(missed)) {
        subscription.lag();
      }
      missed.release();
    }
  }

  /** Puts the last one into its place. */
  void remove(Subscription subscription) {
    int index = subscription.index;
    if (index < 0) {
      return;
    }
    Subscription last = subscriptions.removeLast();
    if (last != subscription) {
      subscriptions.set(index, last);
      last.index = index;
    }
    subscription.index = Subscription.NOWHERE;
  }

  /** Whether these are the first that are due. */
  boolean addDue(List<Delivery> deliveries) {
    boolean first = due.isEmpty();
    due.addAll(deliveries);
    return first;
  }

  /** In batches that a slow client's bounds can tell apart. */
  void deliverDue() {
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < due.size(); i++) {
      int size = due.get(i).json().length;
      if (i > from && bytes + size > BATCH_BYTES) {
        deliver(new Batch(due.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < due.size()) {
      deliver(new Batch(due.subList(from, due.size())));
    }
    due.clear();
  }

  private void deliver(Batch batch) {
    List<Subscription> full = null;
    for (Subscription subscription : subscriptions) {
      if (!subscription.deliver(batch)) {
        full = with(full, subscription);
      }
    }
    batch.release();
    if (!subscriptions.isEmpty()) {
      lane.delivered(batch);
    }
    if (full != null) {
      full.forEach(Subscription::lag);
    }
  }

  private static List<Subscription> with(@Nullable List<Subscription> list, Subscription one) {
    List<Subscription> longer = list == null ? new ArrayList<>() : list;
    longer.add(one);
    return longer;
  }

  /** Each at the position where it goes on. */
  void gap(GapReason why, @Nullable Position at) {
    for (Subscription subscription : subscriptions) {
      subscription.gap(why, at);
    }
  }
}
