package io.platformkit.core.jdbc;

import io.platformkit.core.log.Position;

/**
 * What is kept of a stream beside its entries.
 *
 * @param floor the offset of the entry that was trimmed last; zero if none was
 * @param at microseconds since 1970 that an entry appended now would get at the earliest
 */
record StreamRow(
    long id,
    String name,
    String epoch,
    long head,
    long headMark,
    long floor,
    long floorMark,
    long at) {

  Position headPosition() {
    return new Position(epoch, head, headMark);
  }

  Position floorPosition() {
    return new Position(epoch, floor, floorMark);
  }

  /** Whether a position is one of this incarnation, whatever was lost since. */
  boolean isIncarnationOf(Position position) {
    return headPosition().incarnation().equals(position.incarnation());
  }

  /** Whether the stream ends where somebody says; epochs only tell why if not. */
  boolean endsAt(Position position) {
    return headPosition().isSameEntry(position);
  }
}
