package io.platformkit.core.redis;

import io.platformkit.core.log.Entry;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last entries that the doorbell brought along, of streams that are followed: each with the one
 * before it, so that who has that one need not ask the server. Safe for concurrent use.
 */
final class BellEntries {
  /** Of one stream. */
  private static final int KEPT = 8;

  private static final int STREAMS = 10_000;

  private final Map<String, List<Rung>> rungs = new ConcurrentHashMap<>();

  /** Takes what the bell says; never blocks. The stream that it is about. */
  String hear(byte[] message) {
    int end = nul(message, 0);
    String stream = new String(message, 0, end, StandardCharsets.UTF_8);
    if (end < message.length) {
      rungs.computeIfPresent(stream, (name, before) -> with(before, Rung.of(message, end + 1)));
    }
    return stream;
  }

  private static int nul(byte[] message, int from) {
    int at = from;
    while (at < message.length && message[at] != 0) {
      at++;
    }
    return at;
  }

  private static List<Rung> with(List<Rung> before, Rung next) {
    boolean follows = !before.isEmpty() && before.getLast().at.isSameEntry(next.previous);
    List<Rung> all = new ArrayList<>(KEPT);
    if (follows) {
      all.addAll(before.subList(Math.max(0, before.size() - KEPT + 1), before.size()));
    }
    all.add(next);
    return all;
  }

  /** What was heard after a position, if that is all since; listens for the stream from now on. */
  Optional<Read> after(String stream, Position position) {
    List<Rung> heard = rungs.get(stream);
    if (heard == null) {
      listenFor(stream);
      return Optional.empty();
    }
    for (int i = 0; i < heard.size(); i++) {
      if (heard.get(i).previous.isSameEntry(position)) {
        List<Entry> entries = heard.stream().skip(i).map(Rung::entry).toList();
        return Optional.of(new Read.Entries(entries, entries.getLast().at()));
      }
    }
    return Optional.empty();
  }

  private void listenFor(String stream) {
    if (rungs.size() >= STREAMS) {
      rungs.clear();
    }
    rungs.putIfAbsent(stream, List.of());
  }

  /** One message of the bell. */
  private static final class Rung {
    private final Position previous;
    private final Position at;
    private final Instant time;
    private final byte[] message;
    private final int data;

    private Rung(Position previous, Position at, Instant time, byte[] message, int data) {
      this.previous = previous;
      this.at = at;
      this.time = time;
      this.message = message;
      this.data = data;
    }

    static Rung of(byte[] message, int from) {
      int end = nul(message, from);
      String[] parts =
          new String(message, from, end - from, StandardCharsets.US_ASCII).split(" ", 4);
      return new Rung(
          LogAnswers.position(parts[0], parts[1]),
          LogAnswers.position(parts[0], parts[2]),
          Instant.ofEpochMilli(Long.parseLong(parts[3])),
          message,
          end + 1);
    }

    /** With bytes of its own, for each who asks. */
    Entry entry() {
      byte[] copy = Arrays.copyOfRange(message, data, message.length);
      return new Entry(at, previous.offset(), time, copy);
    }
  }
}
