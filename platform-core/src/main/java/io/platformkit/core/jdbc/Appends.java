package io.platformkit.core.jdbc;

import io.platformkit.core.UnavailableException;
import io.platformkit.core.jdbc.Append.Placed;
import io.platformkit.core.log.EventLogOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Appends to some of a log's streams on their way. One batch is under way at a time; what comes
 * meanwhile makes the next one: the busier the log, the larger its batches. Order is kept.
 */
final class Appends {
  private static final long BATCH_BYTES = 4 << 20;
  private static final int BATCH_APPENDS = 2_000;
  private static final Duration MOST_GATHERING = Duration.ofNanos(500_000);
  private static final long WAITING_BYTES = 128 << 20;

  private final Session session;
  private final Streams streams;
  private final Consumer<Set<String>> onAppended;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Condition idle = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private final Queue<Append<?>> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean busy;
  private int telling; // batches whose callers are being told

  /**
   * Nothing under way.
   *
   * @param onAppended is told which streams have something new; must not block
   */
  Appends(Session session, EventLogOptions options, Consumer<Set<String>> onAppended) {
    this.session = session;
    this.streams = new Streams(session, options);
    this.onAppended = onAppended;
  }

  void add(Append<?> append) {
    if (!isAccepted(append)) {
      UnavailableException full =
          new UnavailableException(
              "appends of %d bytes wait for the database, and no more may"
                  .formatted(WAITING_BYTES));
      session.complete(() -> append.future().completeExceptionally(full));
    }
  }

  private boolean isAccepted(Append<?> append) {
    lock.lock();
    try {
      if (waitingBytes > 0 && waitingBytes + append.bytes() > WAITING_BYTES) {
        return false;
      }
      waiting.add(append);
      waitingBytes += append.bytes();
      arrived.signal();
      if (!busy) {
        busy = true;
        send(nextBatch());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private List<Append<?>> nextBatch() {
    List<Append<?>> batch = new ArrayList<>();
    long bytes = 0;
    for (Append<?> next = waiting.peek(); next != null; next = waiting.peek()) {
      bytes += next.bytes();
      if (!batch.isEmpty() && (bytes > BATCH_BYTES || batch.size() == BATCH_APPENDS)) {
        break;
      }
      batch.add(waiting.remove());
      waitingBytes -= next.bytes();
    }
    return batch;
  }

  private void send(List<Append<?>> appends) {
    long sentAt = System.nanoTime();
    BiConsumer<@Nullable List<Placed>, @Nullable Throwable> end =
        (placed, failure) -> {
          beginToTell();
          session.complete(() -> tell(appends, placed, failure));
          if (session.dialect().hasNetwork()) {
            gather(appends.size(), System.nanoTime() - sentAt);
          }
          next();
          if (placed != null) {
            onAppended.accept(changed(appends, placed));
          }
        };
    session.dialect().appendLater(session, streams, appends, end);
  }

  private void beginToTell() {
    lock.lock();
    try {
      telling++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits a moment for those who were just answered: callers that wait for each answer would
   * otherwise fall into two halves, of which one always waits for the other's batch.
   */
  private void gather(int answered, long took) {
    long left = Math.min(took / 4, MOST_GATHERING.toNanos());
    lock.lock();
    try {
      while (waiting.size() < answered && left > 0) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private static Set<String> changed(List<Append<?>> appends, List<Placed> placed) {
    Set<String> streams = new HashSet<>();
    for (int i = 0; i < appends.size(); i++) {
      if (placed.get(i) instanceof Placed.New) {
        streams.add(appends.get(i).stream());
      }
    }
    return streams;
  }

  private void next() {
    lock.lock();
    try {
      busy = !waiting.isEmpty();
      if (busy) {
        send(nextBatch());
      } else {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(
      List<Append<?>> appends, @Nullable List<Placed> placed, @Nullable Throwable failure) {
    try {
      finish(appends, placed, failure);
    } finally {
      lock.lock();
      try {
        telling--;
        idle.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private static void finish(
      List<Append<?>> appends, @Nullable List<Placed> placed, @Nullable Throwable failure) {
    for (int i = 0; i < appends.size(); i++) {
      if (placed != null) {
        appends.get(i).complete(placed.get(i));
      } else if (failure != null) {
        appends.get(i).future().completeExceptionally(failure);
      }
    }
  }

  /** Waits until all is done and told. */
  void drain() throws InterruptedException {
    long left = session.settings().timeout().plus(Duration.ofSeconds(1)).toNanos();
    lock.lock();
    try {
      while ((busy || telling > 0) && left > 0) {
        left = idle.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
