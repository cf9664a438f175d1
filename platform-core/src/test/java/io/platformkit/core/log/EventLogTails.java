package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.log.EventLog.Capability;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What the tails of an event log promise. */
abstract class EventLogTails extends EventLogUnderFailure {
  final EventLog log() {
    return open(way());
  }

  static boolean can(EventLog log, Capability capability) {
    return log.capabilities().contains(capability);
  }

  static void assertUnsupported(ThrowingCallable call) {
    assertRefused(UnsupportedOperationException.class, call);
  }

  static void assertChained(EventLog log, long before, List<Entry> all) {
    long previous = before;
    for (Entry entry : all) {
      assertThat(entry.previous()).isEqualTo(previous);
      assertThat(entry.at().offset()).isGreaterThan(previous);
      if (can(log, Capability.DENSE)) {
        assertThat(entry.at().offset()).isEqualTo(previous + 1);
      }
      previous = entry.at().offset();
    }
  }

  @Test
  void aTailDeliversWhatIsThereAndWhatComes() {
    EventLog log = log();
    EventLog other = log();
    List<Position> at = append(log, "s", texts(0, 5));
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    tail.add("s", at.get(1));
    told.awaitTexts("s", texts(2, 5));
    append(log, "s", texts(5, 7));
    told.awaitTexts("s", texts(2, 7));
    append(other, "s", texts(7, 9));
    told.awaitTexts("s", texts(2, 9));
    assertThat(told.entries("s")).isEqualTo(entries(log, "s", at.get(1)));
    tail.add("new", log.head("new"));
    append(other, "new", texts(0, 1));
    told.awaitTexts("new", texts(0, 1));
    assertThat(told.gaps("s")).isEmpty();
  }

  @Test
  void aTailMissesNothingOfWhatIsAppendedMeanwhile() {
    EventLog log = log();
    EventLog other = log();
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    Position start = log.head("s");
    CompletableFuture<List<Integer>> writers =
        async(() ->
            race(
                4,
                i -> {
                  for (int n = 0; n < 50; n++) {
                    get((i % 2 == 0 ? log : other).append("s", bytes(i + ":" + n)));
                  }
                  return i;
                }));
    tail.add("s", start);
    get(writers);
    told.awaitTexts("s", texts(entries(log, "s", start)));
    assertThat(told.entries("s")).hasSize(200);
  }

  /** Each append falls between a read and the wait for the next, sooner or later. */
  @Test
  void noWakeUpIsLost() {
    EventLog log = log();
    EventLog other = log();
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    tail.add("s", log.head("s"));
    for (int i = 0; i < 100; i++) {
      int sofar = i;
      get(other.append("s", bytes("e" + i)));
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofNanos(50_000))
          .until(() -> told.entries("s").size() > sofar);
    }
    assertThat(told.texts("s")).isEqualTo(texts(0, 100));
  }

  @Test
  void aTailFollowsManyStreams() {
    EventLog log = log();
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    List<String> streams = IntStream.range(0, 50).mapToObj(i -> "s" + i).toList();
    streams.forEach(stream -> tail.add(stream, log.head(stream)));
    streams.forEach(stream -> append(log, stream, List.of(stream)));
    streams.forEach(stream -> told.awaitTexts(stream, List.of(stream)));
    tail.remove("s7");
    streams.forEach(stream -> append(log, stream, List.of("again")));
    streams.stream()
        .filter(stream -> !stream.equals("s7"))
        .forEach(stream -> told.awaitTexts(stream, List.of(stream, "again")));
    assertThat(told.texts("s7")).containsExactly("s7");
  }

  @Test
  void aTailThatIsTooLateIsToldOfTheGapAndCanGoOn() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    List<Position> at = append(log, "s", texts(0, 10));
    log.trim("s", Retention.newest(4));
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    tail.add("s", at.get(2));
    Read.Gap gap = told.awaitGap("s");
    assertThat(gap.why()).isEqualTo(Read.Reason.TRIMMED);
    assertThat(told.entries("s")).isEmpty();
    tail.add("s", gap.oldest());
    told.awaitTexts("s", texts(6, 10));
  }

  @Test
  void aTailIsToldThatItsStreamWasDeleted() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    RecordingTail told = new RecordingTail();
    Tail tail = closing(log.tail(told));
    Position first = append(log, "s", texts(0, 2)).getFirst();
    tail.add("s", first);
    told.awaitTexts("s", texts(1, 2));
    log.delete("s");
    append(log, "s", texts(5, 6));
    assertThat(told.awaitGap("s").why()).isEqualTo(Read.Reason.EPOCH);
    assertThat(told.texts("s")).isEqualTo(texts(1, 2));
  }
}
