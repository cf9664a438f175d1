package io.platformkit.core.jdbc;

import io.platformkit.core.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Notifications of PostgreSQL on their way to one channel. One statement is under way at a time;
 * what comes meanwhile shares the next one. Never a part of a transaction that changes data: the
 * commits of those that notify wait for each other. Order is kept.
 */
final class Notes {
  private static final int MOST_WAITING = 10_000;
  private static final int BATCH = 500;

  /** Commits without waiting for the disk, which would hold up those that must wait for it. */
  private static final String NOTIFY =
      """
      WITH unflushed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
      SELECT pg_notify(?, payload) FROM unflushed, unnest(?) AS payload\
      """;

  /**
   * One notification.
   *
   * @param payload less than 8000 bytes
   * @param side what is too large for that, and the id of its row
   */
  record Note(String payload, Optional<Side> side, CompletableFuture<Void> sent) {}

  /** A message that has a row of its own. */
  @SuppressWarnings("ArrayRecordComponent") // on its way into a statement
  record Side(long id, byte[] data) {}

  private final Session session;
  private final String channel;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Queue<Note> waiting = new ArrayDeque<>();
  private final Condition idle = lock.newCondition();
  private boolean busy;
  private int telling; // batches whose senders are being told

  Notes(Session session, String channel) {
    this.session = session;
    this.channel = channel;
  }

  /** Sends without saying what becomes of it. */
  void send(String payload) {
    CompletableFuture<Void> unused = add(payload, Optional.empty());
  }

  /** Sends, or refuses through the future. */
  CompletableFuture<Void> add(String payload, Optional<Side> side) {
    Note note = new Note(payload, side, new CompletableFuture<>());
    if (!isAccepted(note)) {
      UnavailableException full =
          new UnavailableException(
              "%d messages wait for the database, and no more may".formatted(MOST_WAITING));
      session.complete(() -> complete(note, full));
    }
    return note.sent();
  }

  private boolean isAccepted(Note note) {
    lock.lock();
    try {
      if (waiting.size() >= MOST_WAITING) {
        return false;
      }
      waiting.add(note);
      if (!busy) {
        busy = true;
        send(nextBatch());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private List<Note> nextBatch() {
    List<Note> batch = new ArrayList<>();
    while (batch.size() < BATCH && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    return batch;
  }

  private void send(List<Note> batch) {
    session.onceLater(
        connection -> notifyAll(connection, batch),
        (count, failure) -> {
          next();
          finish(batch, failure);
        });
  }

  private void next() {
    lock.lock();
    try {
      telling++;
      busy = !waiting.isEmpty();
      if (busy) {
        send(nextBatch());
      }
    } finally {
      lock.unlock();
    }
  }

  private void finish(List<Note> batch, @Nullable Throwable failure) {
    session.complete(() -> {
      batch.forEach(note -> complete(note, failure));
      lock.lock();
      try {
        telling--;
        idle.signalAll();
      } finally {
        lock.unlock();
      }
    });
  }

  private static void complete(Note note, @Nullable Throwable failure) {
    if (failure == null) {
      note.sent().complete(null);
    } else {
      note.sent().completeExceptionally(failure);
    }
  }

  /** Waits until all is sent and told. */
  void drain() {
    long left = session.settings().timeout().plus(Duration.ofSeconds(1)).toNanos();
    lock.lock();
    try {
      while ((busy || telling > 0) && left > 0) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  private int notifyAll(Connection connection, List<Note> batch) throws SQLException {
    insertSides(connection, batch);
    String[] payloads = batch.stream().map(Note::payload).toArray(String[]::new);
    try (PreparedStatement notify = connection.prepareStatement(NOTIFY)) {
      notify.setString(1, channel);
      notify.setArray(2, connection.createArrayOf("text", payloads));
      notify.execute();
      return payloads.length;
    }
  }

  private void insertSides(Connection connection, List<Note> batch) throws SQLException {
    List<Side> sides = batch.stream().flatMap(note -> note.side().stream()).toList();
    if (sides.isEmpty()) {
      return;
    }
    String sql =
        "INSERT INTO %s (id, data, sent_at) VALUES (?, ?, %s) ON CONFLICT (id) DO NOTHING"
            .formatted(session.settings().table("messages"), session.dialect().now());
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (Side side : sides) {
        insert.setLong(1, side.id());
        insert.setBytes(2, side.data());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
