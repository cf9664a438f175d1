package io.platformkit.core.log;

import io.platformkit.core.RandomNumbers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/** One stream in memory, for one thread at a time. */
final class MemoryStream {
  /** What a read answers at most, in bytes; one entry in any case. */
  private static final long READ_BYTES = 8 << 20;

  /** What an entry takes besides its bytes. */
  private static final int OVERHEAD = 100;

  private final RandomNumbers random;
  private final NavigableMap<Long, Stored> entries = new TreeMap<>();
  private final SequencedMap<String, Keyed> keys = new LinkedHashMap<>(); // the oldest first
  private final String incarnation;
  private String epoch;
  private Place floor;
  private Place head;
  private long touched;
  private long size;

  /** What makes a position valid. */
  private record Place(long offset, long mark) {
    boolean isOf(Position position) {
      return offset == position.offset() && mark == position.mark();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  private record Stored(Place place, long time, byte[] data) {}

  private record Keyed(Place place, long time) {}

  MemoryStream(long now, RandomNumbers random) {
    this.random = random;
    this.incarnation = "%016x".formatted(newMark());
    this.epoch = incarnation;
    this.floor = new Place(0, newMark());
    this.head = floor;
    this.touched = now;
  }

  private long newMark() {
    return random.next();
  }

  private Position position(Place place) {
    return new Position(epoch, place.offset, place.mark);
  }

  /** When it was appended to or made, in milliseconds. */
  long touched() {
    return touched;
  }

  /** What it takes of memory, roughly, in bytes. */
  long size() {
    return size;
  }

  /** What a batch would take of it. */
  static long sizeOf(List<byte[]> batch) {
    return batch.stream().mapToLong(data -> data.length + OVERHEAD).sum();
  }

  Position head() {
    return position(head);
  }

  boolean endsAt(Position position) {
    return head.isOf(position);
  }

  List<Position> append(List<byte[]> batch, long now) {
    List<Position> positions = new ArrayList<>(batch.size());
    for (byte[] data : batch) {
      head = new Place(head.offset + 1, newMark());
      entries.put(head.offset, new Stored(head, now, data.clone()));
      positions.add(position(head));
    }
    size += sizeOf(batch);
    touched = now;
    return positions;
  }

  /** The entry that was appended with the key in the last window. */
  Optional<Position> known(String key, long now) {
    Iterator<Keyed> oldest = keys.values().iterator();
    while (oldest.hasNext() && oldest.next().time <= now - EventLog.KEY_WINDOW.toMillis()) {
      oldest.remove();
    }
    return Optional.ofNullable(keys.get(key)).map(keyed -> position(keyed.place));
  }

  Position append(String key, byte[] data, long now) {
    Position position = append(List.of(data), now).getFirst();
    keys.putLast(key, new Keyed(head, now));
    return position;
  }

  Read read(Position after, int limit) {
    if (after.equals(Position.OLDEST)) {
      return entriesAfter(floor.offset, limit);
    }
    boolean ours = after.incarnation().equals(incarnation);
    if (after.offset() < floor.offset) {
      return gap(ours ? Read.Reason.TRIMMED : Read.Reason.EPOCH);
    }
    if (isThere(after)) {
      return entriesAfter(after.offset(), limit);
    }
    if (after.epoch().equals(epoch)) {
      epoch = "%s_%016x".formatted(incarnation, newMark());
    }
    return gap(ours ? Read.Reason.ROLLED_BACK : Read.Reason.EPOCH);
  }

  private boolean isThere(Position position) {
    Stored stored = entries.get(position.offset());
    return floor.isOf(position) || (stored != null && stored.place.isOf(position));
  }

  private Read gap(Read.Reason why) {
    return new Read.Gap(why, position(floor), head());
  }

  private Read entriesAfter(long offset, int limit) {
    List<Entry> found = new ArrayList<>();
    long bytes = 0;
    for (Stored stored : entries.tailMap(offset, false).values()) {
      bytes += stored.data.length;
      if (found.size() == limit || (bytes > READ_BYTES && !found.isEmpty())) {
        break;
      }
      found.add(
          new Entry(
              position(stored.place),
              stored.place.offset - 1,
              Instant.ofEpochMilli(stored.time),
              stored.data.clone()));
    }
    return new Read.Entries(found, head());
  }

  void trim(Retention keep, long now) {
    long newest = keep.newest().orElse(Long.MAX_VALUE);
    long since = keep.age().map(Duration::toMillis).map(age -> now - age).orElse(Long.MIN_VALUE);
    while (!entries.isEmpty()
        && (entries.size() > newest || entries.firstEntry().getValue().time < since)) {
      Stored oldest = entries.pollFirstEntry().getValue();
      floor = oldest.place;
      size -= oldest.data.length + OVERHEAD;
    }
  }
}
