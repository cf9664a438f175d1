package io.platformkit.core.jdbc;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads streams after positions.
 *
 * <p>Entries are read first and the row of their stream afterwards: what was trimmed or deleted
 * meanwhile is found out by the row, and the head may only have grown.
 */
final class LogReader {
  /** An answer ends after so many bytes, but for its first entry. */
  private static final long MOST_BYTES = 8 << 20;

  /** Rows that are fetched before their size is known. */
  private static final int FIRST_ROWS = 64;

  private final Session session;
  private final Streams streams;
  private final String entries;

  LogReader(Session session, EventLogOptions options) {
    this.session = session;
    this.streams = new Streams(session, options);
    this.entries = session.settings().table("entries");
  }

  Position head(String stream) {
    return session
        .read(connection -> streams.find(connection, stream))
        .orElseGet(() -> create(stream))
        .headPosition();
  }

  private StreamRow create(String stream) {
    return session.write(connection -> streams.lock(connection, stream));
  }

  /** What is after a position in one stream. */
  Read read(String stream, Position after, int limit) {
    return readSome(stream, after, limit).answer();
  }

  /** What is after positions in streams; leaves some out when it becomes too much. */
  Map<String, Read> read(Map<String, Position> after, int limit) {
    Map<String, StreamRow> rows =
        session.read(connection -> streams.find(connection, after.keySet()));
    Map<String, Read> answers = new HashMap<>();
    long bytes = 0;
    for (Map.Entry<String, Position> each : after.entrySet()) {
      StreamRow row = rows.get(each.getKey());
      if (row != null && row.endsAt(each.getValue())) {
        answers.put(each.getKey(), new Read.Entries(List.of(), row.headPosition()));
      } else if (bytes < MOST_BYTES) {
        Some some = readSome(each.getKey(), each.getValue(), limit);
        answers.put(each.getKey(), some.answer());
        bytes += some.bytes();
      }
    }
    return answers;
  }

  private record Some(Read answer, long bytes) {}

  private Some readSome(String stream, Position after, int limit) {
    for (int tries = 1; true; tries++) {
      Page page = readPage(stream, after, limit);
      StreamRow row = page.row().orElseGet(() -> create(stream));
      Validity validity =
          after.equals(Position.OLDEST) ? Validity.VALID : page.validity(row, after);
      switch (validity) {
        case VALID -> {
          return page.entriesFor(row);
        }
        case TRIMMED -> {
          return gap(Read.Reason.TRIMMED, row);
        }
        case OTHER -> {
          return mismatch(row, after);
        }
        case UNSEEN -> { // it came between the two statements, or somebody has removed the row
          if (tries == 3) {
            return mismatch(row, after);
          }
        }
      }
    }
  }

  private static Some gap(Read.Reason why, StreamRow row) {
    return new Some(new Read.Gap(why, row.floorPosition(), row.headPosition()), 0);
  }

  /** Of the same incarnation, so the server has lost entries: what comes now is another history. */
  private Some mismatch(StreamRow row, Position after) {
    if (!row.isIncarnationOf(after)) {
      return gap(Read.Reason.EPOCH, row);
    }
    if (!row.epoch().equals(after.epoch())) {
      return gap(Read.Reason.ROLLED_BACK, row); // and somebody has found out before
    }
    session.write(connection -> streams.renewEpoch(connection, row));
    StreamRow renewed =
        session
            .read(connection -> streams.find(connection, row.name()))
            .orElseGet(() -> create(row.name()));
    return gap(Read.Reason.ROLLED_BACK, renewed);
  }

  private Page readPage(String stream, Position after, int limit) {
    Sql<Page> work =
        connection -> {
          List<Found> found = find(connection, stream, after.offset(), limit);
          return new Page(found, streams.find(connection, stream), after.offset(), limit);
        };
    return limit < FIRST_ROWS ? session.read(work) : session.cursor(work);
  }

  /** The entry at the offset, if it is there, and those after it. */
  private List<Found> find(Connection connection, String stream, long offset, int limit)
      throws SQLException {
    String sql =
        """
        SELECT stream_id, seq, mark, appended_at, data FROM %1$s
        WHERE stream_id = (SELECT id FROM %2$s WHERE namespace = ? AND stream = ?)
        AND seq > (SELECT floor FROM %2$s WHERE namespace = ? AND stream = ?)
        AND seq >= ? ORDER BY seq LIMIT ?\
        """
            .formatted(entries, streams.table());
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, streams.namespace());
      query.setString(2, stream);
      query.setString(3, streams.namespace());
      query.setString(4, stream);
      query.setLong(5, offset);
      query.setInt(6, limit == Integer.MAX_VALUE ? limit : limit + 1);
      query.setFetchSize(FIRST_ROWS);
      return fetch(query);
    }
  }

  private static List<Found> fetch(PreparedStatement query) throws SQLException {
    List<Found> found = new ArrayList<>();
    long bytes = 0;
    try (ResultSet row = query.executeQuery()) {
      while ((found.size() < 2 || bytes < MOST_BYTES) && row.next()) {
        byte[] data = row.getBytes("data");
        bytes += data.length + 100L;
        found.add(
            new Found(
                row.getLong("stream_id"),
                row.getLong("seq"),
                row.getLong("mark"),
                row.getLong("appended_at"),
                data));
        if (found.size() == FIRST_ROWS) {
          long others = (MOST_BYTES - bytes) * FIRST_ROWS / bytes;
          row.setFetchSize((int) Math.max(1, Math.min(10_000, others)));
        }
      }
    }
    return found;
  }

  @SuppressWarnings("ArrayRecordComponent") // on its way into an entry
  private record Found(long streamId, long seq, long mark, long at, byte[] data) {
    Entry entry(String epoch) {
      return new Entry(
          new Position(epoch, seq, mark), seq - 1, Instant.ofEpochMilli(at / 1000), data);
    }
  }

  private enum Validity {
    VALID,
    TRIMMED,
    OTHER,
    UNSEEN
  }

  /** What was found, in this order: entries from an offset on, and the row of their stream. */
  private record Page(List<Found> found, Optional<StreamRow> row, long offset, int limit) {
    Validity validity(StreamRow row, Position after) {
      if (offset < row.floor()) {
        return row.isIncarnationOf(after) ? Validity.TRIMMED : Validity.OTHER;
      }
      if (offset == row.floor()) {
        return row.floorMark() == after.mark() ? Validity.VALID : Validity.OTHER;
      }
      if (offset > row.head()) {
        return Validity.OTHER;
      }
      return ofEntry(row, after);
    }

    private Validity ofEntry(StreamRow row, Position after) {
      if (found.isEmpty()
          || found.getFirst().streamId() != row.id()
          || found.getFirst().seq() != offset) {
        return Validity.UNSEEN;
      }
      return found.getFirst().mark() == after.mark() ? Validity.VALID : Validity.OTHER;
    }

    Some entriesFor(StreamRow row) {
      List<Entry> entries =
          found.stream()
              .filter(each -> each.seq() > offset && each.streamId() == row.id())
              .limit(limit)
              .map(each -> each.entry(row.epoch()))
              .toList();
      long bytes = entries.stream().mapToLong(entry -> entry.data().length).sum();
      return new Some(new Read.Entries(entries, row.headPosition()), bytes);
    }
  }
}
