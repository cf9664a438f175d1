package io.platformkit.core.log;

import io.platformkit.core.Backoff;
import io.platformkit.core.Bounds;
import io.platformkit.core.Timers;
import io.platformkit.core.log.TailListener.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One tail: a set of streams to read, and a virtual thread as long as there is something to do.
 * What the listener has not taken yet stays on the server.
 */
final class FollowingTail implements Tail {
  /** Streams of one read, and entries of each. */
  static final int STREAMS = 1000;

  static final int LIMIT = 500;

  private static final Backoff BACKOFF =
      Backoff.exponential(Duration.ofMillis(50), Backoff.UNLIMITED).cap(Duration.ofSeconds(5));

  private final Tails tails;
  private final TailListener listener;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition delivered = lock.newCondition();
  private final Map<String, Followed> streams = new HashMap<>();
  private final Set<String> woken = new LinkedHashSet<>();
  private @Nullable Thread worker;
  private @Nullable Followed delivering;
  private boolean calling;
  private boolean closed;
  private State told = State.LIVE;
  private int failures;
  private Timers.@Nullable Timer retry;

  FollowingTail(Tails tails, TailListener listener) {
    this.tails = tails;
    this.listener = listener;
  }

  /** One stream from its {@link #add} to its end; adding it again makes another. */
  private static final class Followed {
    private Position after;

    Followed(Position after) {
      this.after = after;
    }
  }

  @Override
  public void add(String stream, Position from) {
    Bounds.requireName("stream", stream);
    Objects.requireNonNull(from, "from");
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("tail is closed");
      }
      if (streams.putIfAbsent(stream, new Followed(from)) != null) {
        throw new IllegalStateException("tail follows stream '%s' already".formatted(stream));
      }
      tails.follow(stream, this);
      woken.add(stream);
      proceed();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void remove(String stream) {
    Bounds.requireName("stream", stream);
    lock.lock();
    try {
      Followed removed = forget(stream);
      while (removed != null && removed.equals(delivering) && !isWorker()) {
        delivered.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Followed forget(String stream) {
    woken.remove(stream);
    tails.unfollow(stream, this);
    return streams.remove(stream);
  }

  private boolean isWorker() {
    return Thread.currentThread().equals(worker);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      List.copyOf(streams.keySet()).forEach(this::forget);
      tails.forget(this);
      if (retry != null) {
        retry.cancel();
      }
      while (calling && !isWorker()) {
        delivered.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  void wake(String stream) {
    lock.lock();
    try {
      if (streams.containsKey(stream)) {
        woken.add(stream);
        proceed();
      }
    } finally {
      lock.unlock();
    }
  }

  void wakeAll() {
    lock.lock();
    try {
      woken.addAll(streams.keySet());
      proceed();
    } finally {
      lock.unlock();
    }
  }

  /** Sees to it that a worker runs if there is anything to do. */
  void proceed() {
    lock.lock();
    try {
      if (worker == null && hasWork()) {
        worker = tails.start(this::work);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasWork() {
    return !closed && (state() != told || (retry == null && !woken.isEmpty()));
  }

  private State state() {
    if (failures > 0) {
      return State.FAILING;
    }
    return tails.areWakeUpsLive() ? State.LIVE : State.POLLING;
  }

  private void work() {
    while (isWorkLeft()) {
      tellState();
      Map<String, Followed> due = take();
      if (!due.isEmpty()) {
        readAndDeliver(due);
      }
    }
  }

  private boolean isWorkLeft() {
    lock.lock();
    try {
      if (!hasWork()) {
        worker = null;
        return false;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void tellState() {
    State now;
    lock.lock();
    try {
      now = state();
      if (now == told || closed) {
        return;
      }
      told = now;
      calling = true;
    } finally {
      lock.unlock();
    }
    call("onState", () -> listener.onState(now));
  }

  /** What is to be read now; a wake-up from here on makes one more read. */
  private Map<String, Followed> take() {
    lock.lock();
    try {
      Map<String, Followed> due = new LinkedHashMap<>();
      Iterator<String> next = woken.iterator();
      while (retry == null && next.hasNext() && due.size() < STREAMS) {
        String stream = next.next();
        next.remove();
        due.put(stream, Objects.requireNonNull(streams.get(stream)));
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  private void readAndDeliver(Map<String, Followed> due) {
    Map<String, Position> after = new LinkedHashMap<>();
    due.forEach((stream, followed) -> after.put(stream, followed.after));
    Map<String, Read> answer;
    try {
      answer = tails.read(after, LIMIT);
      if (answer.isEmpty()) {
        throw new IllegalStateException(
            "the read of %d streams had no answer".formatted(due.size()));
      }
    } catch (Throwable failure) {
      failed(due.keySet(), failure);
      return;
    }
    succeeded(due.keySet(), answer.keySet());
    tellState();
    due.forEach((stream, followed) -> {
      Read read = answer.get(stream);
      if (read != null) {
        deliver(stream, followed, read);
      }
    });
  }

  private void failed(Set<String> due, Throwable failure) {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      due.stream().filter(streams::containsKey).forEach(woken::add);
      failures++;
      Duration wait = BACKOFF.delay(failures, ThreadLocalRandom.current()).orElseThrow();
      retry = tails.after(wait, this::readAgain);
    } finally {
      lock.unlock();
    }
    tails.readFailed(failure);
  }

  private void readAgain() {
    lock.lock();
    try {
      retry = null;
      proceed();
    } finally {
      lock.unlock();
    }
  }

  private void succeeded(Set<String> due, Set<String> answered) {
    lock.lock();
    try {
      failures = 0;
      due.stream()
          .filter(stream -> !answered.contains(stream) && streams.containsKey(stream))
          .forEach(woken::add);
    } finally {
      lock.unlock();
    }
  }

  private void deliver(String stream, Followed followed, Read read) {
    switch (read) {
      case Read.Entries(List<Entry> entries, Position head) when !entries.isEmpty() -> {
        if (begin(stream, followed, entries.getLast().at(), head)) {
          call("onEntries", () -> listener.onEntries(stream, entries));
        }
      }
      case Read.Entries nothingNew -> {}
      case Read.Gap gap -> {
        if (begin(stream, followed, null, gap.head())) {
          call("onGap", () -> listener.onGap(stream, gap));
        }
      }
    }
  }

  /** False if the stream is not followed any more, or anew from somewhere else. */
  private boolean begin(String stream, Followed followed, @Nullable Position last, Position head) {
    lock.lock();
    try {
      if (!followed.equals(streams.get(stream))) {
        return false;
      }
      if (last == null) {
        forget(stream);
      } else {
        followed.after = last;
        if (last.offset() < head.offset()) {
          woken.add(stream);
        }
      }
      delivering = followed;
      calling = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void call(String what, Runnable method) {
    try {
      method.run();
    } catch (Throwable failure) {
      tails.listenerFailed(what, failure);
    } finally {
      lock.lock();
      try {
        delivering = null;
        calling = false;
        delivered.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
