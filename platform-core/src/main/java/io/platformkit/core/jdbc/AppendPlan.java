package io.platformkit.core.jdbc;

import io.platformkit.core.jdbc.Append.Placed;
import io.platformkit.core.log.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Where the entries of a batch go, once its streams are locked. For one thread. */
final class AppendPlan {
  /** Without anything. */
  static final AppendPlan NONE = new AppendPlan(Map.of(), Map.of());

  /** A key in a stream. */
  record Key(String stream, String key) {}

  /** An entry to be. */
  @SuppressWarnings("ArrayRecordComponent") // on its way into a statement
  record Row(StreamRow stream, long seq, long mark, long at, byte[] data) {
    Position position() {
      return new Position(stream.epoch(), seq, mark);
    }
  }

  private final Map<String, StreamRow> streams;
  private final Map<Key, Position> known;
  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Row> heads = new HashMap<>();
  private final Map<Key, Row> keys = new HashMap<>();
  private final List<Placed> placed = new ArrayList<>();

  AppendPlan(Map<String, StreamRow> streams, Map<Key, Position> known) {
    this.streams = streams;
    this.known = known;
  }

  /** Decides about the next append, after those before. */
  void place(Append<?> append) {
    StreamRow stream = Objects.requireNonNull(streams.get(append.stream()));
    Row last = heads.get(append.stream());
    Position head = last == null ? stream.headPosition() : last.position();
    Optional<Position> first = append.key().flatMap(key -> find(new Key(append.stream(), key)));
    if (first.isPresent()) {
      placed.add(new Placed.Known(first.get()));
    } else if (append.onlyAt().filter(only -> !only.isSameEntry(head)).isPresent()) {
      placed.add(new Placed.Moved(head));
    } else {
      placed.add(new Placed.New(add(append, stream, head.offset())));
    }
  }

  private Optional<Position> find(Key key) {
    Row row = keys.get(key);
    return row != null ? Optional.of(row.position()) : Optional.ofNullable(known.get(key));
  }

  private List<Position> add(Append<?> append, StreamRow stream, long head) {
    List<Position> positions = new ArrayList<>();
    for (int i = 0; i < append.entries().size(); i++) {
      Row row =
          new Row(
              stream, head + i + 1, append.marks().get(i), stream.at(), append.entries().get(i));
      rows.add(row);
      positions.add(row.position());
      heads.put(append.stream(), row);
      append.key().ifPresent(key -> keys.put(new Key(append.stream(), key), row));
    }
    return positions;
  }

  List<Row> rows() {
    return rows;
  }

  /** The last entry of each stream. */
  Collection<Row> heads() {
    return heads.values();
  }

  Map<Key, Row> keys() {
    return keys;
  }

  /** What became of each append, in order. */
  List<Placed> placed() {
    return placed;
  }
}
