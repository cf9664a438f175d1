package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Bounds;
import io.platformkit.core.log.EventLog.Capability;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an event log refuses. */
@SuppressWarnings("FutureReturnValueIgnored") // a refused call has none
abstract class EventLogRefusals extends EventLogGaps {
  static Stream<String> wrongNames() {
    return Stream.of("", "a\0b", "a\ud800", "x".repeat(513), "é".repeat(257));
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void aWrongNameIsRefused(String name) {
    EventLog log = log();
    Tail tail = closing(log.tail(new RecordingTail()));
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    List<byte[]> batch = bytes(List.of("a"));
    Position head = log.head("s");
    assertRefused(refused, () -> log.append(name, bytes("a")), "stream ", "must");
    assertRefused(refused, () -> log.appendAll(name, batch), "stream ", "must");
    assertRefused(refused, () -> log.head(name), "stream ", "must");
    assertRefused(refused, () -> log.read(name, head, 1), "stream ", "must");
    assertRefused(refused, () -> tail.add(name, Position.OLDEST), "stream ", "must");
    if (can(log, Capability.KEYED)) {
      assertRefused(refused, () -> log.append(name, "k", bytes("a")), "stream ", "must");
      assertRefused(refused, () -> log.append("s", name, bytes("a")), "key ", "must");
    }
    if (can(log, Capability.CONDITIONAL)) {
      assertRefused(refused, () -> log.appendIf(name, head, batch), "stream ", "must");
    }
    if (can(log, Capability.TRIM)) {
      assertRefused(refused, () -> log.trim(name, Retention.newest(1)), "stream ", "must");
      assertRefused(refused, () -> log.delete(name), "stream ", "must");
    }
    assertThat(log.head("s")).isEqualTo(head);
  }

  @Test
  void whatIsTooMuchIsRefused() {
    EventLog log = log();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    byte[] large = new byte[Bounds.VALUE_BYTES + 1];
    Position head = log.head("s");
    List<byte[]> heavy = Collections.nCopies(65, new byte[Bounds.VALUE_BYTES]);
    List<byte[]> tooMany = bytes(texts(0, EventLog.MAX_BATCH + 1));
    assertRefused(refused, () -> log.append("s", large), "1048577", "1048576");
    assertRefused(refused, () -> log.appendAll("s", List.of(new byte[1], large)), "1048577");
    assertRefused(refused, () -> log.appendAll("s", List.of()), "batch", "'0'", "1 to 10000");
    assertRefused(refused, () -> log.appendAll("s", tooMany), "batch", "'10001'", "1 to 10000");
    assertRefused(refused, () -> log.appendAll("s", heavy), "batch had 68157440 bytes", "67108864");
    assertRefused(refused, () -> log.read("s", head, 0), "limit was '0'", "1 to 10000");
    assertRefused(refused, () -> log.read("s", head, 10_001), "limit was '10001'");
    if (can(log, Capability.KEYED)) {
      assertRefused(refused, () -> log.append("s", "k", large), "1048577", "1048576");
    }
    if (can(log, Capability.CONDITIONAL)) {
      assertRefused(refused, () -> log.appendIf("s", head, List.of(large)), "1048577");
      assertRefused(refused, () -> log.appendIf("s", head, List.of()), "batch", "'0'");
      assertRefused(refused, () -> log.appendIf("s", head, heavy), "batch", "67108864");
    }
    assertThat(log.head("s")).isEqualTo(head);
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void nullIsRefused() {
    EventLog log = log();
    Class<NullPointerException> refused = NullPointerException.class;
    assertRefused(refused, () -> log.append(null, bytes("a")), "stream");
    assertRefused(refused, () -> log.append("s", null), "data");
    assertRefused(refused, () -> log.head(null), "stream");
    assertRefused(refused, () -> log.read("s", null, 1), "after");
    assertRefused(refused, () -> log.tail(null), "listener");
  }

  @Test
  void aClosedLogRefusesEveryCall() {
    EventLog log = log();
    Position head = log.head("s");
    Set<Capability> can = log.capabilities();
    Tail tail = log.tail(new RecordingTail());
    tail.add("s", head);
    CompletableFuture<Position> accepted = log.append("s", bytes("a"));
    log.close();
    log.close();
    assertThat(get(accepted).offset()).isPositive();
    Class<IllegalStateException> refused = IllegalStateException.class;
    assertRefused(refused, () -> log.append("s", bytes("a")), "closed");
    assertRefused(refused, () -> log.appendAll("s", bytes(List.of("a"))), "closed");
    assertRefused(refused, () -> log.head("s"), "closed");
    assertRefused(refused, () -> log.read("s", head, 1), "closed");
    assertRefused(refused, () -> log.tail(new RecordingTail()), "closed");
    assertRefused(refused, () -> tail.add("t", Position.OLDEST), "closed");
    if (can.contains(Capability.KEYED)) {
      assertRefused(refused, () -> log.append("s", "k", bytes("a")), "closed");
    }
    if (can.contains(Capability.CONDITIONAL)) {
      assertRefused(refused, () -> log.appendIf("s", head, bytes(List.of("a"))), "closed");
    }
    if (can.contains(Capability.TRIM)) {
      assertRefused(refused, () -> log.trim("s", Retention.newest(1)), "closed");
      assertRefused(refused, () -> log.delete("s"), "closed");
    }
  }
}
