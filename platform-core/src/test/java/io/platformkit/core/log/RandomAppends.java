package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.log.EventLog.Capability;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Does the same to logs and to lists, chosen by a seed, and compares what they say. */
final class RandomAppends {
  private static final List<String> STREAMS = List.of("a", "b", "c");

  private final long seed;
  private final Random random;
  private final List<EventLog> logs;
  private final Set<Capability> can;
  private final Map<String, Model> models = new HashMap<>();
  private int texts;

  /** All that a stream ever had, and how much of it is gone. */
  private static final class Model {
    private final List<Position> positions = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final Map<String, Position> keys = new HashMap<>();
    private int trimmed;

    Model(Position start) {
      positions.add(start);
      texts.add("before the first");
    }

    void add(List<Position> at, List<String> appended) {
      positions.addAll(at);
      texts.addAll(appended);
    }
  }

  RandomAppends(long seed, List<EventLog> logs) {
    this.seed = seed;
    this.random = new Random(seed);
    this.logs = logs;
    this.can = logs.getFirst().capabilities();
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      String where = "operation %d of seed %d".formatted(i, seed);
      String stream = STREAMS.get(random.nextInt(STREAMS.size()));
      EventLog log = logs.get(random.nextInt(logs.size()));
      Model model = models.computeIfAbsent(stream, name -> new Model(log.head(name)));
      switch (random.nextInt(10)) {
        case 0, 1 -> append(log, stream, model);
        case 2 -> appendWithKey(where, log, stream, model);
        case 3 -> appendIf(where, log, stream, model);
        case 4 -> trim(log, stream, model);
        case 5 -> delete(log, stream);
        default -> read(where, log, stream, model);
      }
    }
  }

  private List<String> batch() {
    return IntStream.range(0, 1 + random.nextInt(5)).mapToObj(i -> "e" + texts++).toList();
  }

  private static List<byte[]> bytes(List<String> batch) {
    return batch.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
  }

  private void append(EventLog log, String stream, Model model) {
    List<String> batch = batch();
    model.add(log.appendAll(stream, bytes(batch)).join(), batch);
  }

  private void appendWithKey(String where, EventLog log, String stream, Model model) {
    if (!can.contains(Capability.KEYED)) {
      return;
    }
    String key = "k" + random.nextInt(4);
    String text = "e" + texts++;
    Appended appended = log.append(stream, key, text.getBytes(StandardCharsets.UTF_8)).join();
    Position known = model.keys.putIfAbsent(key, appended.at());
    if (known == null) {
      assertThat(appended.duplicate()).as(where).isFalse();
      model.add(List.of(appended.at()), List.of(text));
    } else {
      assertThat(appended).as(where).isEqualTo(new Appended(known, true));
    }
  }

  private void appendIf(String where, EventLog log, String stream, Model model) {
    if (!can.contains(Capability.CONDITIONAL)) {
      return;
    }
    List<String> batch = batch();
    Position head = model.positions.getLast();
    int back = Math.max(0, model.positions.size() - 1 - random.nextInt(2));
    Position given = model.positions.get(back);
    AppendIf outcome = log.appendIf(stream, given, bytes(batch)).join();
    if (outcome instanceof AppendIf.Done(List<Position> positions)) {
      assertThat(given).as(where).isEqualTo(head);
      model.add(positions, batch);
    } else {
      assertThat(given).as(where).isNotEqualTo(head);
      assertThat(outcome).as(where).isEqualTo(new AppendIf.Moved(head));
    }
  }

  private void trim(EventLog log, String stream, Model model) {
    if (can.contains(Capability.TRIM)) {
      int newest = random.nextInt(8);
      log.trim(stream, Retention.newest(newest));
      model.trimmed = Math.max(model.trimmed, model.positions.size() - 1 - newest);
    }
  }

  private void delete(EventLog log, String stream) {
    if (can.contains(Capability.TRIM) && random.nextInt(3) == 0) {
      log.delete(stream);
      models.remove(stream);
    }
  }

  private void read(String where, EventLog log, String stream, Model model) {
    int from = random.nextInt(model.positions.size());
    int limit = 1 + random.nextInt(10);
    Position head = model.positions.getLast();
    Read read = log.read(stream, model.positions.get(from), limit);
    switch (read) {
      case Read.Entries(List<Entry> entries, Position now) -> {
        assertThat(from).as(where).isGreaterThanOrEqualTo(model.trimmed);
        int to = Math.min(model.positions.size(), from + 1 + limit);
        assertThat(entries.stream().map(Entry::at))
            .as(where)
            .isEqualTo(model.positions.subList(from + 1, to));
        assertThat(entries.stream().map(entry -> new String(entry.data(), StandardCharsets.UTF_8)))
            .as(where)
            .isEqualTo(model.texts.subList(from + 1, to));
        assertThat(now).as(where).isEqualTo(head);
      }
      case Read.Gap gap -> {
        assertThat(from).as(where).isLessThan(model.trimmed);
        Position oldest = model.positions.get(model.trimmed);
        assertThat(gap).as(where).isEqualTo(new Read.Gap(Read.Reason.TRIMMED, oldest, head));
      }
    }
  }
}
