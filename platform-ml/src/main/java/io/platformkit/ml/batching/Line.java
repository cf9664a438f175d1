package io.platformkit.ml.batching;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait: in order of priority, and of age within one. Every {@value #BY_AGE}th batch
 * goes by age alone, so that a request waits for a bounded number of batches, whatever comes after
 * it. Guarded by the dispatcher's lock.
 */
final class Line {
  static final int BY_AGE = 8;

  private final Queue high = new Queue();
  private final Queue normal = new Queue();
  private final Queue low = new Queue();
  private int rows;
  private int batches;

  /** How many rows wait. */
  int rows() {
    return rows;
  }

  boolean isEmpty() {
    return rows == 0;
  }

  void add(Request request) {
    queueOf(request).append(request);
    rows += request.rows;
  }

  /** Takes a request out, if it waits. */
  void remove(Request request) {
    if (request.waiting) {
      queueOf(request).unlink(request);
      rows -= request.rows;
    }
  }

  private Queue queueOf(Request request) {
    return switch (request.priority) {
      case HIGH -> high;
      case NORMAL -> normal;
      case LOW -> low;
    };
  }

  /**
   * Takes the next batch: those that come first, as long as they fit, and the first one in any
   * case; and those whose patience has ended that are met on the way.
   */
  void take(int mostRows, long now, List<Request> into, List<Request> expired) {
    batches++;
    boolean byAge = batches % BY_AGE == 0;
    int taken = 0;
    for (Request next = first(byAge); next != null; next = first(byAge)) {
      if (next.isExpired(now)) {
        remove(next);
        expired.add(next);
      } else if (taken == 0 || taken + next.rows <= mostRows) {
        remove(next);
        into.add(next);
        taken += next.rows;
      } else {
        return;
      }
    }
  }

  private @Nullable Request first(boolean byAge) {
    return byAge ? older(older(high.head, normal.head), low.head) : first(high, normal, low);
  }

  private static @Nullable Request first(Queue... queues) {
    for (Queue queue : queues) {
      if (queue.head != null) {
        return queue.head;
      }
    }
    return null;
  }

  private static @Nullable Request older(@Nullable Request a, @Nullable Request b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return b.since - a.since < 0 ? b : a;
  }

  /** Takes out those whose patience has ended. */
  void takeExpired(long now, List<Request> into) {
    for (Queue queue : List.of(high, normal, low)) {
      for (Request each = queue.head; each != null; ) {
        Request next = each.behind;
        if (each.isExpired(now)) {
          remove(each);
          into.add(each);
        }
        each = next;
      }
    }
  }

  /**
   * Takes out requests of lower priority until there is room, the lowest and youngest first; none
   * if there can't be.
   *
   * @param excess how many rows must go
   * @return whether there is room
   */
  boolean makeRoom(int excess, Priority newcomer, List<Request> into) {
    List<Queue> lower =
        switch (newcomer) {
          case HIGH -> List.of(low, normal);
          case NORMAL -> List.of(low);
          case LOW -> List.of();
        };
    if (lower.stream().mapToInt(queue -> queue.rows).sum() < excess) {
      return false;
    }
    int left = excess;
    for (Queue queue : lower) {
      for (Request last = queue.tail; last != null && left > 0; last = queue.tail) {
        remove(last);
        into.add(last);
        left -= last.rows;
      }
    }
    return true;
  }

  void takeAll(List<Request> into) {
    for (Request next = first(true); next != null; next = first(true)) {
      remove(next);
      into.add(next);
    }
  }

  /** Since when the oldest waits; of a line that is not empty. */
  long oldestSince() {
    Request oldest = first(true);
    if (oldest == null) {
      throw new IllegalStateException("nobody waits");
    }
    return oldest.since;
  }

  /** When the first patience ends, in nanoseconds from a time. */
  OptionalLong untilExpiry(long now) {
    long soonest = Long.MAX_VALUE;
    for (Queue queue : List.of(high, normal, low)) {
      for (Request each = queue.head; each != null; each = each.behind) {
        if (each.hasDeadline()) {
          soonest = Math.min(soonest, Math.max(0, each.patience - (now - each.since)));
        }
      }
    }
    return soonest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(soonest);
  }

  /** Of one priority. */
  private static final class Queue {
    private @Nullable Request head;
    private @Nullable Request tail;
    private int rows;

    void append(Request request) {
      request.ahead = tail;
      if (tail == null) {
        head = request;
      } else {
        tail.behind = request;
      }
      tail = request;
      rows += request.rows;
      request.waiting = true;
    }

    void unlink(Request request) {
      if (request.ahead == null) {
        head = request.behind;
      } else {
        request.ahead.behind = request.behind;
      }
      if (request.behind == null) {
        tail = request.ahead;
      } else {
        request.behind.ahead = request.ahead;
      }
      request.ahead = null;
      request.behind = null;
      rows -= request.rows;
      request.waiting = false;
    }
  }
}
