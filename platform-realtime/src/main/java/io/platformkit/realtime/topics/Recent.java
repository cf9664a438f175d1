package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** The newest messages that the tail of this node has delivered. Not safe for concurrent use. */
final class Recent {
  private static final int MOST = 1000;
  private static final int MOST_BYTES = 1 << 20;

  private final Deque<Delivery> deliveries = new ArrayDeque<>();
  private int bytes;
  private Position start = Position.OLDEST; // before the first
  private Position head = Position.OLDEST;

  /** Forgets all; what comes next is after the position. */
  void startAt(Position position) {
    deliveries.clear();
    bytes = 0;
    start = position;
    head = position;
  }

  /**
   * Adds what was delivered.
   *
   * @param last where it ends, also if the last of it could not be read
   */
  void add(List<Delivery> more, Position last) {
    for (Delivery delivery : more) {
      deliveries.add(delivery);
      bytes += delivery.json().length;
    }
    head = last;
    while (deliveries.size() > MOST || (bytes > MOST_BYTES && !deliveries.isEmpty())) {
      Delivery oldest = deliveries.remove();
      bytes -= oldest.json().length;
      start = oldest.at().orElseThrow();
    }
  }

  /** Where the tail is. */
  Position head() {
    return head;
  }

  /** The newest of them; empty if there are fewer here, or if the log's head is elsewhere. */
  Optional<List<Delivery>> newest(int count, Position logHead) {
    if (deliveries.size() < count || !logHead.isSameEntry(head)) {
      return Optional.empty();
    }
    return Optional.of(deliveries.stream().skip(deliveries.size() - count).toList());
  }

  /** What is after a position; empty if that is not known here. */
  Optional<List<Delivery>> after(Position position) {
    if (position.isSameEntry(head)) {
      return Optional.of(List.of());
    }
    if (position.isSameEntry(start)) {
      return Optional.of(List.copyOf(deliveries));
    }
    List<Delivery> later = new ArrayList<>();
    Iterator<Delivery> newestFirst = deliveries.descendingIterator();
    while (newestFirst.hasNext()) {
      Delivery delivery = newestFirst.next();
      Position at = delivery.at().orElseThrow();
      if (at.isSameEntry(position)) {
        Collections.reverse(later);
        return Optional.of(later);
      }
      if (at.offset() <= position.offset()) {
        return Optional.empty();
      }
      later.add(delivery);
    }
    return Optional.empty();
  }
}
