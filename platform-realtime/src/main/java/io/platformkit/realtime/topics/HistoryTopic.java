package io.platformkit.realtime.topics;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import io.platformkit.core.log.Retention;
import io.platformkit.realtime.TopicOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A topic with history: delivered from the log's tail alone, in its order. Whoever comes with a
 * position gets what is after it: from what this node remembers, or else from the log, page by page
 * and no faster than it reads, until it has caught up with the tail.
 */
final class HistoryTopic extends Topic {
  private static final int PAGE = 500;
  private static final int PART_BYTES = 32 << 10; // and one message
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Follower follower;
  private final Recent recent = new Recent(); // guarded by the lock
  private volatile boolean grown;

  HistoryTopic(String name, TopicOptions options, Context context, Follower follower) {
    super(name, options, context);
    this.follower = follower;
  }

  @Override
  void follow() {
    Position head = context.log().head(name());
    locked(() -> recent.startAt(head));
    follower.add(this, head);
  }

  @Override
  void unfollow() {
    follower.remove(this);
  }

  /** The tail's. */
  void onEntries(List<Entry> entries) {
    List<Delivery> deliveries = decoded(StoredMessage.of(entries));
    locked(() -> {
      recent.add(deliveries, entries.getLast().at());
      deliver(deliveries);
      moved.signalAll();
    });
  }

  /** The tail's: it goes on at the head. */
  void onGap(Read.Gap missed) {
    locked(() -> {
      recent.startAt(missed.head());
      gap(GapReason.of(missed.why()), missed.head());
      moved.signalAll();
    });
    follower.add(this, missed.head());
  }

  @Override
  CompletableFuture<Published> publish(Encoded message) {
    grown = true;
    return message
        .key()
        .map(key ->
            context
                .log()
                .append(name(), key, message.data())
                .thenApply(
                    done -> new Published(message.id(), Optional.of(done.at()), done.duplicate())))
        .orElseGet(() ->
            context
                .log()
                .append(name(), message.data())
                .thenApply(at -> new Published(message.id(), Optional.of(at), false)));
  }

  /** The newest messages, if this node remembers so many, and none that is too old; blocks. */
  Optional<List<Delivery>> newest(int count) {
    Retention keep = options().history().orElseThrow();
    if (keep.age().isPresent() || keep.newest().orElse(0) < count) {
      return Optional.empty();
    }
    Position head = context.log().head(name());
    lock.lock();
    try {
      return recent.newest(count, head);
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what is older than the host wants, if there may be such. */
  void trim() {
    Retention keep = options().history().orElseThrow();
    if (grown || keep.age().isPresent()) {
      grown = false;
      context.log().trim(name(), keep);
    }
  }

  @Override
  void prepare(Subscription subscription, @Nullable Position from) {
    if (from != null) {
      subscription.startAt(from);
    } else {
      locked(() -> subscription.startAt(recent.head()));
    }
  }

  @Override
  void resume(Subscription subscription) {
    context.workers().execute(() -> begin(subscription));
  }

  @Override
  void begin(Subscription subscription) {
    Optional<Position> at = subscription.at();
    while (at.isPresent() && !subscription.isEnded()) {
      Position from = at.get();
      at =
          attachAfter(subscription, from)
              .map(missed -> hand(subscription, missed))
              .orElseGet(() -> catchUp(subscription, from));
    }
  }

  /**
   * Attaches it if this node remembers all that is after the position, and that is little: what is
   * to be handed to it otherwise, none if it is attached; empty if this node does not remember it.
   */
  private Optional<List<Delivery>> attachAfter(Subscription subscription, Position at) {
    lock.lock();
    try {
      Optional<List<Delivery>> missed = recent.after(at);
      if (missed.isPresent() && endOfPart(missed.get(), 0) == missed.get().size()) {
        attach(subscription, at, missed.get());
        return Optional.of(List.of());
      }
      return missed;
    } finally {
      lock.unlock();
    }
  }

  /** Delivers one page of the log: where to go on; empty if it is attached, or waits for room. */
  private Optional<Position> catchUp(Subscription subscription, Position from) {
    Position at = from;
    if (at.equals(Position.OLDEST)) {
      at = context.log().head(name()); // if nothing is left, all before it was trimmed
    }
    return switch (context.log().read(name(), from, PAGE)) {
      case Read.Entries(List<Entry> entries, Position head) when entries.isEmpty() ->
          attachAhead(subscription, at);
      case Read.Entries(List<Entry> entries, Position head) -> {
        List<Delivery> page = decoded(StoredMessage.of(entries));
        yield hand(subscription, page, entries.getLast().at());
      }
      case Read.Gap gap -> {
        GapReason why = GapReason.of(gap.why());
        yield hand(subscription, () -> subscription.gap(why, gap.head()), gap.head());
      }
    };
  }

  /**
   * Attaches what has all that is in the log, and so may have more than the tail of this node has
   * delivered: it is not sent that again.
   */
  private Optional<Position> attachAhead(Subscription subscription, Position at) {
    lock.lock();
    try {
      if (recent.head().offset() < at.offset()) {
        attach(subscription, at, List.of());
        return Optional.empty();
      }
      long nanos = TURN_NANOS;
      while (recent.after(at).isEmpty() && nanos > 0 && !subscription.isEnded()) {
        nanos = moved.awaitNanos(nanos);
      }
      return Optional.of(at);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #hand(Subscription, List, Position)}; nothing is left to do if there are none. */
  private Optional<Position> hand(Subscription subscription, List<Delivery> deliveries) {
    return deliveries.isEmpty()
        ? Optional.empty()
        : hand(subscription, deliveries, deliveries.getLast().at().orElseThrow());
  }

  /**
   * Delivers part by part: a client that reads slowly has little waiting for it.
   *
   * @param end where it is then, also if the last of it could not be read
   */
  private Optional<Position> hand(
      Subscription subscription, List<Delivery> deliveries, Position end) {
    Optional<Position> at;
    int from = 0;
    do {
      int to = endOfPart(deliveries, from);
      Batch part = new Batch(deliveries.subList(from, to));
      Position last = to == deliveries.size() ? end : part.last().at().orElseThrow();
      at = hand(subscription, () -> subscription.deliverPage(part, last), last);
      from = to;
    } while (at.isPresent() && from < deliveries.size());
    return at;
  }

  /** At least one, if there is one. */
  private static int endOfPart(List<Delivery> deliveries, int from) {
    int to = from;
    int bytes = 0;
    while (to < deliveries.size() && bytes < PART_BYTES) {
      bytes += deliveries.get(to++).json().length;
    }
    return to;
  }

  /** Runs a step on the lane, and waits until it is written: nobody is sent more than it reads. */
  private Optional<Position> hand(Subscription subscription, BooleanSupplier step, Position next) {
    CompletableFuture<Boolean> taken = new CompletableFuture<>();
    onLane(
        subscription,
        () -> {
          if (!step.getAsBoolean()) {
            taken.complete(false);
            return;
          }
          Subscriber subscriber = subscription.subscriber();
          subscriber.flush();
          var unused =
              subscriber.written().whenComplete((done, failure) -> taken.complete(failure == null));
        });
    return isTaken(taken, subscription) ? Optional.of(next) : Optional.empty();
  }

  /** A loop that has ended takes no step and says nothing of it, but its subscriptions end. */
  private static boolean isTaken(CompletableFuture<Boolean> taken, Subscription subscription) {
    while (!subscription.isEnded()) {
      Optional<Boolean> known =
          taken
              .thenApply(Optional::of)
              .completeOnTimeout(Optional.empty(), TURN_NANOS, TimeUnit.NANOSECONDS)
              .join();
      if (known.isPresent()) {
        return known.get();
      }
    }
    return false;
  }
}
