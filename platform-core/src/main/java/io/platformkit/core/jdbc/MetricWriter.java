package io.platformkit.core.jdbc;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.timeseries.Refusals;
import io.platformkit.core.timeseries.SeriesKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes samples in groups: while one transaction is under way, what comes waits and becomes the
 * next one. Safe for concurrent use.
 */
final class MetricWriter {
  /** Samples of one transaction, but for those of its last columns. */
  private static final int GROUP = 50_000;

  private final Session session;
  private final MetricSql sql;
  private final MetricLimits limits;
  private final MeterRegistry meters;
  private final Map<SeriesKey, Long> known = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int waitingSamples;
  private CompletableFuture<@Nullable Void> idle = CompletableFuture.completedFuture(null);

  MetricWriter(Session session, MetricSql sql, MetricLimits limits, MeterRegistry meters) {
    this.session = session;
    this.sql = sql;
    this.limits = limits;
    this.meters = meters;
  }

  /** Columns of one write that wait, and what was refused of them and of those before. */
  private record Waiting(
      Columns columns, Refusals refusals, CompletableFuture<@Nullable Void> written) {}

  /**
   * Takes the columns of one write, and copies what it takes of their arrays.
   *
   * @return completes when all are written; fails with what was refused, or with the first failure
   */
  CompletableFuture<Void> write(List<Columns> columns) {
    Refusals refusals = new Refusals(meters);
    List<Columns> taken = takeRightTimes(columns, refusals);
    List<Waiting> pieces = new ArrayList<>();
    for (Columns column : taken) {
      for (int from = 0; from < column.size(); from += GROUP) {
        Columns piece = column.range(from, Math.min(column.size(), from + GROUP));
        pieces.add(new Waiting(piece, refusals, new CompletableFuture<>()));
      }
    }
    if (!offer(pieces)) {
      refusals.overload(samples(pieces), limits.maxWaiting());
      return refusals.outcome();
    }
    CompletableFuture<?>[] all =
        pieces.stream().map(Waiting::written).toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(all)
        .thenComposeAsync(done -> refusals.outcome(), session::complete);
  }

  private List<Columns> takeRightTimes(List<Columns> columns, Refusals refusals) {
    long now = session.settings().clock().millis();
    long oldest = limits.oldest(now).raw();
    long newest = now + limits.maxAhead().toMillis();
    List<Columns> taken = new ArrayList<>();
    for (Columns column : columns) {
      Columns young = column.within(oldest, Long.MAX_VALUE);
      Columns right = young.within(oldest, newest);
      refusals.tooOld(
          column.size() - young.size(), column.key(), limits.retention(), limits.window());
      refusals.tooNew(young.size() - right.size(), column.key(), limits.maxAhead());
      taken.add(right);
    }
    return taken;
  }

  private static int samples(List<Waiting> pieces) {
    return pieces.stream().mapToInt(piece -> piece.columns.size()).sum();
  }

  /** False if too many samples wait; but what is too much by itself is taken when none waits. */
  private boolean offer(List<Waiting> pieces) {
    int more = samples(pieces);
    lock.lock();
    try {
      if (waitingSamples > 0 && waitingSamples + more > limits.maxWaiting()) {
        return false;
      }
      waitingSamples += more;
      queue.addAll(pieces);
      if (idle.isDone() && !queue.isEmpty()) {
        idle = new CompletableFuture<>();
        writeNext();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Called when nothing is under way and something waits, with the lock. */
  private void writeNext() {
    List<Waiting> group = new ArrayList<>();
    for (int size = 0; size < GROUP && !queue.isEmpty(); ) {
      Waiting next = queue.remove();
      size += next.columns.size();
      group.add(next);
    }
    List<Columns> columns = group.stream().map(Waiting::columns).toList();
    if (sql.lacksRoom(columns)) {
      makeRoom(group, columns);
    } else {
      write(group, columns);
    }
  }

  private void makeRoom(List<Waiting> group, List<Columns> columns) {
    session.writeLater(
        (connection, again) -> {
          sql.makeRoom(connection, columns);
          return true;
        },
        (done, failure) -> {
          if (failure == null) {
            sql.madeRoom(columns);
            write(group, columns);
          } else {
            ended(group, null, failure);
          }
        });
  }

  private void write(List<Waiting> group, List<Columns> columns) {
    MetricGroup transaction =
        new MetricGroup(
            sql,
            limits,
            limits.oldest(session.settings().clock().millis()),
            session.dialect().forUpdate(),
            known,
            columns);
    session.writeLater(
        (connection, again) -> transaction.run(connection),
        (outcome, failure) -> ended(group, outcome, failure));
  }

  private void ended(
      List<Waiting> group, MetricGroup.@Nullable Outcome outcome, @Nullable Throwable failure) {
    if (outcome == null) {
      sql.forget();
      known.clear();
    } else {
      known.putAll(outcome.ids());
      refuse(group, outcome);
    }
    lock.lock();
    try {
      waitingSamples -= samples(group);
      if (queue.isEmpty()) {
        idle.complete(null);
      } else {
        writeNext();
      }
    } finally {
      lock.unlock();
    }
    for (Waiting done : group) {
      if (failure == null) {
        done.written.complete(null);
      } else {
        done.written.completeExceptionally(failure);
      }
    }
  }

  private void refuse(List<Waiting> group, MetricGroup.Outcome outcome) {
    for (int i = 0; i < group.size(); i++) {
      Columns columns = group.get(i).columns;
      Refusals refusals = group.get(i).refusals;
      refusals.tooOld(outcome.tooOld().get(i), columns.key(), limits.retention(), limits.window());
      if (outcome.tooMany().get(i)) {
        refusals.tooManySeries(columns.size(), columns.key(), limits.maxSeries());
      }
    }
  }

  /** Forgets ids of series, some of which were deleted. */
  void forgetSeries() {
    known.clear();
  }

  /** Waits until all that was taken is written or has failed. */
  void drain() throws InterruptedException, ExecutionException {
    CompletableFuture<@Nullable Void> current;
    lock.lock();
    try {
      current = idle;
    } finally {
      lock.unlock();
    }
    current.get();
  }
}
