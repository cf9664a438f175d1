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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads streams after positions. */
final class LogReader {
  /** An answer ends after so many bytes, but for its first entry. */
  private static final long MOST_BYTES = 8 << 20;

  private static final long NO_MARK = -1;

  /** Limits whose statements are kept. */
  private static final int MOST_LIMITS = 100;

  private final Session session;
  private final Streams streams;
  private final String entries;
  private final Map<Integer, List<String>> pages = new ConcurrentHashMap<>();

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
        after.size() == 1
            ? Map.of()
            : session.read(connection -> streams.find(connection, after.keySet()));
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
    Page page = page(stream, after, limit);
    return switch (page.validity(after)) {
      case VALID -> page.some();
      case TRIMMED -> gap(Read.Reason.TRIMMED, page.stream());
      case OTHER -> mismatch(page.stream(), after);
    };
  }

  private Page page(String stream, Position after, int limit) {
    Sql<Optional<Page>> work = connection -> find(connection, stream, after, limit);
    Optional<Page> page = session.read(work);
    while (page.isEmpty()) {
      create(stream);
      page = session.read(work);
    }
    return page.get();
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

  /**
   * The row of a stream, then its entries from an offset on: in one statement, so that it is one
   * round trip and one snapshot. Marks: offset, offset, namespace, stream.
   *
   * @param condition of the stream
   * @param rows what is taken of the entries
   */
  private String page(String condition, String rows) {
    return """
    WITH s AS MATERIALIZED (
      SELECT id, epoch, head, head_mark, appended_at, floor, floor_mark,
        CASE WHEN floor < ? THEN ? ELSE floor + 1 END AS first
      FROM %s WHERE namespace = ? AND stream = ? AND %s AND %s)
    SELECT head, head_mark, appended_at, floor, floor_mark, id, epoch, NULL FROM s
    UNION ALL SELECT seq, mark, appended_at, NULL, NULL, NULL, NULL, data FROM (%s) AS e\
    """
        .formatted(streams.table(), streams.isNotIdle(), condition, rows);
  }

  /**
   * Pages to ask for, one after the other, until one answers. Where all of an answer is in memory,
   * the first one answers if the stream's entries are all small enough, and the second one adds up.
   *
   * @param limit a part of the text: PostgreSQL would plan anew each time to make use of it
   */
  private List<String> newPages(int limit) {
    String rows =
        """
        SELECT * FROM %s WHERE stream_id = (SELECT id FROM s) AND seq >= (SELECT first FROM s)
        ORDER BY seq LIMIT %d\
        """
            .formatted(entries, limit);
    if (session.dialect().handsOutRows()) {
      return List.of(page("TRUE", rows));
    }
    String first =
        """
        SELECT * FROM (
          SELECT r.*, row_number() OVER (ORDER BY seq) AS number,
            sum(octet_length(data)) OVER (ORDER BY seq) - octet_length(data) AS before
          FROM (%s) AS r) AS n
        WHERE number < 3 OR before < %d\
        """
            .formatted(rows, MOST_BYTES);
    return List.of(page("largest <= " + MOST_BYTES / limit, rows), page("TRUE", first));
  }

  private List<String> pages(int limit) {
    if (pages.size() >= MOST_LIMITS && !pages.containsKey(limit)) {
      pages.clear();
    }
    return pages.computeIfAbsent(limit, this::newPages);
  }

  private Optional<Page> find(Connection connection, String stream, Position after, int limit)
      throws SQLException {
    Optional<Page> found = Optional.empty();
    for (Iterator<String> next = pages(limit + 1).iterator(); found.isEmpty() && next.hasNext(); ) {
      found = find(connection, next.next(), stream, after, limit);
    }
    return found;
  }

  private Optional<Page> find(
      Connection connection, String sql, String stream, Position after, int limit)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setLong(1, after.offset());
      query.setLong(2, after.offset());
      query.setString(3, streams.namespace());
      query.setString(4, stream);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(page(stream(stream, row), row, after, limit))
            : Optional.empty();
      }
    }
  }

  private static StreamRow stream(String name, ResultSet row) throws SQLException {
    return new StreamRow(
        row.getLong(6),
        name,
        row.getString(7),
        row.getLong(1),
        row.getLong(2),
        row.getLong(4),
        row.getLong(5),
        row.getLong(3));
  }

  private static Page page(StreamRow stream, ResultSet row, Position after, int limit)
      throws SQLException {
    long markAtPosition = after.offset() == stream.floor() ? stream.floorMark() : NO_MARK;
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    while (entries.size() < limit && bytes < MOST_BYTES && row.next()) {
      long seq = row.getLong(1);
      long mark = row.getLong(2);
      if (seq == after.offset()) {
        markAtPosition = mark;
      } else {
        Instant time = Instant.ofEpochMilli(row.getLong(3) / 1000);
        byte[] data = row.getBytes(8);
        entries.add(new Entry(new Position(stream.epoch(), seq, mark), seq - 1, time, data));
        bytes += data.length;
      }
    }
    return new Page(stream, markAtPosition, entries, bytes);
  }

  private enum Validity {
    VALID,
    TRIMMED,
    OTHER
  }

  /**
   * What one snapshot has of a stream after a position.
   *
   * @param markAtPosition of what is there, the floor or an entry
   */
  private record Page(StreamRow stream, long markAtPosition, List<Entry> entries, long bytes) {
    Validity validity(Position after) {
      if (after.equals(Position.OLDEST) || markAtPosition == after.mark()) {
        return Validity.VALID;
      }
      return after.offset() < stream.floor() && stream.isIncarnationOf(after)
          ? Validity.TRIMMED
          : Validity.OTHER;
    }

    Some some() {
      return new Some(new Read.Entries(entries, stream.headPosition()), bytes);
    }
  }
}
