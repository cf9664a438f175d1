package io.platformkit.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.PortContract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** How the tests of an event log open it, write to it and read from it. */
abstract class EventLogAccess extends PortContract {
  /**
   * Opens a log by a connection of its own; embedded, the same log for the same namespace. Hand
   * what else is to be closed to {@link #closing}.
   */
  protected abstract EventLog open(Way way, EventLogOptions options);

  @Override
  protected final String port() {
    return "EventLog";
  }

  /** A log of this test's namespace. */
  final EventLog open(Way way) {
    return closing(open(way, EventLogOptions.of(namespace())));
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  static List<byte[]> bytes(List<String> texts) {
    return texts.stream().map(EventLogAccess::bytes).toList();
  }

  /** {@code 3, 5} is {@code e3, e4}. */
  static List<String> texts(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "e" + i).toList();
  }

  static List<Position> append(EventLog log, String stream, List<String> texts) {
    return get(log.appendAll(stream, bytes(texts)));
  }

  static List<Entry> entries(EventLog log, String stream, Position after) {
    List<Entry> all = new ArrayList<>();
    Position at = after;
    while (true) {
      Read read = log.read(stream, at, 1_000);
      assertThat(read).isInstanceOf(Read.Entries.class);
      List<Entry> page = ((Read.Entries) read).entries();
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      at = all.getLast().at();
    }
  }

  static List<String> texts(List<Entry> entries) {
    return entries.stream().map(entry -> new String(entry.data(), UTF_8)).toList();
  }

  static List<Position> positions(List<Entry> entries) {
    return entries.stream().map(Entry::at).toList();
  }

  static Read.Gap gap(EventLog log, String stream, Position after) {
    Read read = log.read(stream, after, 10);
    assertThat(read).isInstanceOf(Read.Gap.class);
    return (Read.Gap) read;
  }
}
