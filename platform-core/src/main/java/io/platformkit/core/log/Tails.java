package io.platformkit.core.log;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tails of one log, for adapters: reads what streams are followed, delivers each entry once and
 * in order, ends a stream at a gap. Safe for concurrent use.
 *
 * <p>A wake-up is a hint, and may be lost: what is followed is read again after a poll interval in
 * any case, jittered. The order is: arm, read, wait.
 */
public final class Tails implements AutoCloseable {
  /** How often streams are read without a wake-up, at most and on average 10 % less. */
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(5);

  private static final Logger logger = LoggerFactory.getLogger(Tails.class);

  private final String name;
  private final Source source;
  private final Timers timers;
  private final Duration poll;
  private final ErrorHandler errors;
  private final Map<String, Set<FollowingTail>> followers = new ConcurrentHashMap<>();
  private final Set<FollowingTail> tails = ConcurrentHashMap.newKeySet();
  private final ReentrantLock arming = new ReentrantLock(); // held to change what follows
  private volatile boolean armed;
  private boolean failedToArm;
  private volatile boolean live = true;
  private final ReentrantLock opening = new ReentrantLock(); // guards what follows
  private boolean closed;
  private Timers.@Nullable Timer nextPoll;

  /** What an adapter gives. */
  public interface Source {
    /**
     * Makes wake-ups come; called before the first read, and may block. What it throws is tried
     * again with each poll.
     */
    default void arm() {}

    /**
     * Reads streams, in one round trip if the server can; may block and throw.
     *
     * @param after where each stream is to be read after
     * @param limit entries of one stream
     * @return for the streams what is after their positions; a stream that is left out, so that the
     *     answer doesn't become too large, is asked for again at once
     */
    Map<String, Read> read(Map<String, Position> after, int limit);
  }

  private Tails(String name, Source source, Timers timers, Duration poll, ErrorHandler errors) {
    this.name = name;
    this.source = source;
    this.timers = timers;
    this.poll = poll;
    this.errors = errors;
  }

  /**
   * No tails yet; starts nothing.
   *
   * @param name of the log in thread names: {@code "redis-log"}
   */
  public static Tails of(
      String name, Source source, Timers timers, Duration poll, ErrorHandler errors) {
    Bounds.requireSpan("poll", poll, Duration.ofMillis(1), Duration.ofDays(1));
    return new Tails(
        Objects.requireNonNull(name, "name"),
        Objects.requireNonNull(source, "source"),
        Objects.requireNonNull(timers, "timers"),
        poll,
        Objects.requireNonNull(errors, "errors"));
  }

  /**
   * Opens a tail.
   *
   * @throws IllegalStateException if these tails are closed
   */
  public Tail open(TailListener listener) {
    Objects.requireNonNull(listener, "listener");
    opening.lock();
    try {
      if (closed) {
        throw new IllegalStateException(name + " is closed");
      }
      FollowingTail tail = new FollowingTail(this, listener);
      tails.add(tail);
      if (nextPoll == null) {
        schedulePoll();
      }
      return tail;
    } finally {
      opening.unlock();
    }
  }

  private void schedulePoll() {
    double share = 0.8 + 0.2 * ThreadLocalRandom.current().nextDouble();
    Duration wait = Duration.ofNanos((long) (poll.toNanos() * share));
    nextPoll = timers.after(name + "-poll", wait, this::poll);
  }

  private void poll() {
    opening.lock();
    try {
      if (closed || tails.isEmpty()) {
        nextPoll = null;
        return;
      }
      schedulePoll();
    } finally {
      opening.unlock();
    }
    wakeAll();
  }

  /** A stream has, perhaps, something new. Never blocks. */
  public void wake(String stream) {
    followers.getOrDefault(stream, Set.of()).forEach(tail -> tail.wake(stream));
  }

  /** Any stream may have something new: wake-ups were lost. Never blocks. */
  public void wakeAll() {
    tails.forEach(FollowingTail::wakeAll);
  }

  /** Whether wake-ups come at present; tells listeners, and wakes all when they come again. */
  public void wakeUps(boolean comeNow) {
    live = comeNow;
    tails.forEach(comeNow ? FollowingTail::wakeAll : FollowingTail::proceed);
  }

  boolean areWakeUpsLive() {
    return live;
  }

  /** Reads, after the wake-ups were armed if that is possible. */
  Map<String, Read> read(Map<String, Position> after, int limit) {
    if (!armed) {
      arm();
    }
    return source.read(after, limit);
  }

  private void arm() {
    arming.lock();
    try {
      if (!armed) {
        source.arm();
        armed = true;
        if (failedToArm) {
          wakeUps(true);
        }
      }
    } catch (RuntimeException failure) {
      logger.warn("{} can't be told of new entries and polls", name, failure);
      failedToArm = true;
      wakeUps(false);
    } finally {
      arming.unlock();
    }
  }

  void follow(String stream, FollowingTail tail) {
    followers.compute(
        stream,
        (name, known) -> {
          Set<FollowingTail> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(tail);
          return all;
        });
  }

  void unfollow(String stream, FollowingTail tail) {
    followers.computeIfPresent(
        stream,
        (name, known) -> {
          known.remove(tail);
          return known.isEmpty() ? null : known;
        });
  }

  void forget(FollowingTail tail) {
    tails.remove(tail);
  }

  Timers.Timer after(Duration delay, Runnable task) {
    return timers.after(name + "-retry", delay, task);
  }

  Thread start(Runnable task) {
    return Thread.ofVirtual().name("platform-" + name + "-tail").start(task);
  }

  void readFailed(Throwable failure) {
    logger.warn("{} can't be read; its tail goes on when it can", name, failure);
  }

  void listenerFailed(String what, Throwable failure) {
    errors.handle("%s of a tail of %s".formatted(what, name), failure);
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      if (nextPoll != null) {
        nextPoll.cancel();
      }
    } finally {
      opening.unlock();
    }
    List<FollowingTail> open = new ArrayList<>(tails);
    open.forEach(FollowingTail::close);
  }
}
