package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import io.platformkit.realtime.TopicOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of one topic, from {@link Topics#subscribe} to {@link #end}. Safe for concurrent
 * use.
 */
public final class Subscription {
  static final int NOWHERE = -1;

  private final Topic topic;
  private final Subscriber subscriber;

  /** Where it is among the members of its lane; the lane's. */
  int index = NOWHERE;

  /** Those it is among, once it was attached; the lane's. */
  @Nullable Members members;

  /** What it has already, though the feed of this node has not; the lane's. */
  private long has = NOWHERE;

  private volatile @Nullable Position at;
  private volatile boolean ended;
  private boolean counted = true; // guarded by the topic's lock

  Subscription(Topic topic, Subscriber subscriber) {
    this.topic = topic;
    this.subscriber = subscriber;
  }

  /** Of which topic. */
  public String topic() {
    return topic.name();
  }

  /** How the topic behaves. */
  public TopicOptions options() {
    return topic.options();
  }

  /** After which message the next one comes; empty on a topic without history. */
  public Optional<Position> at() {
    return Optional.ofNullable(at);
  }

  /**
   * Delivers what is after {@link #at}, and then what comes. On a topic without history messages
   * come already. Blocks while it reads what was missed.
   */
  public void begin() {
    topic.begin(this);
  }

  /**
   * Goes on after the last message that {@link Subscriber#deliver} took; on a thread of the
   * topics'.
   */
  public void resume() {
    topic.resume(this);
  }

  /** Delivers nothing any more, after what its lane has in hand. */
  public void end() {
    ended = true;
    topic.end(this);
  }

  boolean isEnded() {
    return ended;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  void startAt(@Nullable Position position) {
    at = position;
  }

  /** Up to here it has everything; the lane's. */
  void has(Position position) {
    has = position.offset();
  }

  /** False if the subscriber has no room; the lane's. */
  boolean deliver(Batch batch) {
    if (ended) {
      return true;
    }
    Batch own = batch.of(subscriber, has);
    if (own != null) {
      boolean taken = subscriber.deliver(this, own);
      if (own != batch) {
        own.release();
      }
      if (!taken) {
        return false;
      }
    }
    batch
        .last()
        .at()
        .ifPresent(last -> {
          if (last.offset() > has) {
            has = NOWHERE;
            at = last;
          }
        });
    if (own != null) {
      subscriber.lane().touched(subscriber);
    }
    return true;
  }

  /** It has no room: it is attached again when it has; the lane's. */
  void lag() {
    if (members != null) {
      members.remove(this);
    }
  }

  /** As {@link #deliver}, of what was read from the log; the lane's. */
  boolean deliverPage(Batch page, Position last) {
    boolean taken = page.deliveries().isEmpty() || deliver(page);
    page.release();
    if (taken) {
      at = last;
    }
    return taken;
  }

  /** Something was missed; it goes on at the position. Never refused; the lane's. */
  boolean gap(GapReason why, @Nullable Position position) {
    if (!ended) {
      has = NOWHERE;
      at = position;
      subscriber.gap(this, why);
      subscriber.lane().touched(subscriber);
    }
    return true;
  }

  /** Whether this is the first time; guarded by the topic's lock. */
  boolean countOut() {
    boolean first = counted;
    counted = false;
    return first;
  }
}
