package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.log.EventLog.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an event log promises of trimmed, deleted, idle and unknown parts of streams. */
abstract class EventLogGaps extends EventLogTails {
  private static final Duration IDLE = Duration.ofMillis(300);

  @Test
  void trimmingForgetsTheOldestAndKeepsTheHead() {
    EventLog log = log();
    List<Position> at = append(log, "s", texts(0, 10));
    if (!can(log, Capability.TRIM)) {
      assertUnsupported(() -> log.trim("s", Retention.newest(4)));
      assertUnsupported(() -> log.delete("s"));
      return;
    }
    log.trim("s", Retention.newest(4));
    assertThat(texts(entries(log, "s", Position.OLDEST))).isEqualTo(texts(6, 10));
    assertThat(texts(entries(log, "s", at.get(5)))).isEqualTo(texts(6, 10));
    assertThat(entries(log, "s", at.get(5)).getFirst().previous()).isEqualTo(at.get(5).offset());
    Read.Gap gap = gap(log, "s", at.get(4));
    assertThat(gap).isEqualTo(new Read.Gap(Read.Reason.TRIMMED, at.get(5), at.getLast()));
    assertThat(texts(entries(log, "s", gap.oldest()))).isEqualTo(texts(6, 10));
    log.trim("s", Retention.newest(4));
    log.trim("s", Retention.newest(100));
    assertThat(entries(log, "s", Position.OLDEST)).hasSize(4);
  }

  @Test
  void aStreamThatIsTrimmedToItsEndIsNoGap() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    List<Position> at = append(log, "s", texts(0, 5));
    log.trim("s", Retention.newest(0));
    assertThat(log.head("s")).isEqualTo(at.getLast());
    assertThat(entries(log, "s", at.getLast())).isEmpty();
    assertThat(gap(log, "s", at.get(3)).why()).isEqualTo(Read.Reason.TRIMMED);
    Position next = get(log.append("s", bytes("e5")));
    assertThat(next.offset()).isGreaterThan(at.getLast().offset());
    assertThat(texts(entries(log, "s", at.getLast()))).containsExactly("e5");
    Position last = at.getLast();
    Position otherMark = new Position(last.epoch(), last.offset(), last.mark() ^ 1);
    assertThat(gap(log, "s", otherMark).why()).isEqualTo(Read.Reason.ROLLED_BACK);
  }

  @Test
  void whatIsTooOldIsTrimmed() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    List<Position> old = append(log, "s", texts(0, 3));
    server().pass(Duration.ofMillis(500));
    append(log, "s", texts(3, 5));
    log.trim("s", Retention.age(Duration.ofHours(1)));
    assertThat(entries(log, "s", Position.OLDEST)).hasSize(5);
    log.trim("s", new Retention(OptionalLong.of(4), Optional.of(Duration.ofHours(1))));
    assertThat(entries(log, "s", Position.OLDEST)).hasSize(4);
    Awaitility.await()
        .until(() -> {
          log.trim("s", new Retention(OptionalLong.of(4), Optional.of(Duration.ofMillis(400))));
          return gap(log, "s", old.getFirst()).oldest().offset() >= old.getLast().offset();
        });
    assertThat(log.head("s").offset()).isGreaterThan(old.getLast().offset());
  }

  @Test
  void trimmingOrDeletingWhatIsNotThereMakesNothing() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    log.trim("s", Retention.newest(0));
    log.delete("s");
    assertThat(log.head("s").offset()).isZero();
  }

  @Test
  void aDeletedStreamStartsANewEpoch() {
    EventLog log = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    List<Position> at = append(log, "s", texts(0, 5));
    log.delete("s");
    Read.Gap gap = gap(log, "s", at.get(2));
    assertThat(gap.why()).isEqualTo(Read.Reason.EPOCH);
    assertThat(gap.oldest()).isEqualTo(gap.head()).isEqualTo(log.head("s"));
    assertThat(gap.head().epoch()).isNotEqualTo(at.getFirst().epoch());
    append(log, "s", texts(0, 10));
    assertThat(gap(log, "s", at.get(2)).why()).isEqualTo(Read.Reason.EPOCH);
    assertThat(texts(entries(log, "s", gap.oldest()))).isEqualTo(texts(0, 10));
  }

  @Test
  void aPositionOfAnotherStreamIsAGap() {
    EventLog log = log();
    List<Position> at = append(log, "s", texts(0, 5));
    Position other = append(log, "t", texts(0, 3)).get(1);
    assertThat(gap(log, "s", other))
        .isEqualTo(
            new Read.Gap(Read.Reason.EPOCH, gap(log, "s", log.head("u")).oldest(), at.getLast()));
    assertThat(log.head("s")).isEqualTo(at.getLast());
    Position unknown = Position.parse("someEpoch.3.1f");
    assertThat(gap(log, "nowhere", unknown).why()).isEqualTo(Read.Reason.EPOCH);
  }

  @Test
  void aPositionThatIsNotWhatIsStoredStartsANewEpoch() {
    EventLog log = log();
    List<Position> at = append(log, "s", texts(0, 5));
    Position third = at.get(2);
    Position otherMark = new Position(third.epoch(), third.offset(), third.mark() ^ 1);
    Read.Gap gap = gap(log, "s", otherMark);
    assertThat(gap.why()).isEqualTo(Read.Reason.ROLLED_BACK);
    assertThat(gap.head().epoch()).isNotEqualTo(third.epoch());
    assertThat(gap.head()).isEqualTo(log.head("s"));
    assertThat(texts(entries(log, "s", third))).isEqualTo(texts(3, 5));
    assertThat(texts(entries(log, "s", gap.oldest()))).isEqualTo(texts(0, 5));
    assertThat(entries(log, "s", third).getFirst().at().epoch()).isEqualTo(gap.head().epoch());
    assertThat(gap(log, "s", otherMark)).isEqualTo(gap); // the new epoch is one of the same stream
    Position beyond = new Position(log.head("s").epoch(), at.getLast().offset() + 1, 5);
    assertThat(gap(log, "s", beyond).why()).isEqualTo(Read.Reason.ROLLED_BACK);
  }

  @Test
  void readersThatRaceStartOneEpoch() {
    List<EventLog> logs = List.of(log(), log());
    Position at = append(logs.getFirst(), "s", texts(0, 5)).get(2);
    Position wrong = new Position(at.epoch(), at.offset(), at.mark() ^ 1);
    List<Read> outcomes = race(8, i -> logs.get(i % 2).read("s", wrong, 10));
    Position head = logs.getFirst().head("s");
    assertThat(outcomes).allSatisfy(read -> assertThat(((Read.Gap) read).head()).isEqualTo(head));
  }

  @Test
  void anIdleStreamIsForgotten() {
    EventLog log = closing(open(way(), EventLogOptions.of(namespace() + "-idle").idleTtl(IDLE)));
    Position idle = append(log, "idle", texts(0, 3)).getFirst();
    Position made = log.head("made");
    server().pass(IDLE.plusMillis(100));
    Awaitility.await().until(() -> log.read("idle", idle, 10) instanceof Read.Gap);
    assertThat(gap(log, "idle", idle).why()).isEqualTo(Read.Reason.EPOCH);
    assertThat(gap(log, "made", made).why()).isEqualTo(Read.Reason.EPOCH);
    EventLog patient =
        closing(open(way(), EventLogOptions.of(namespace() + "-2").idleTtl(Duration.ofHours(1))));
    append(patient, "s", texts(0, 3));
    assertThat(entries(patient, "s", Position.OLDEST)).hasSize(3);
  }

  @Needs(Feature.CLOCK)
  void anAppendKeepsAStream() {
    EventLog log = closing(open(way(), EventLogOptions.of(namespace() + "-idle").idleTtl(IDLE)));
    Position first = append(log, "s", List.of("e0")).getFirst();
    for (int i = 1; i < 4; i++) {
      server().pass(IDLE.minusMillis(1));
      append(log, "s", texts(i, i + 1));
    }
    assertThat(texts(entries(log, "s", first))).isEqualTo(texts(1, 4));
    server().pass(IDLE);
    assertThat(gap(log, "s", first).why()).isEqualTo(Read.Reason.EPOCH);
  }

  @Test
  void aReadDuringTrimmingIsWholeOrAGap() {
    EventLog log = log();
    EventLog other = log();
    if (!can(log, Capability.TRIM)) {
      return;
    }
    Position after = append(log, "s", texts(0, 10)).getLast();
    CompletableFuture<Position> writer =
        async(() -> {
          for (int i = 0; i < 60; i++) {
            append(log, "s", texts(0, 5));
            log.trim("s", Retention.newest(3));
          }
          return log.head("s");
        });
    while (!writer.isDone() || after.offset() < get(writer).offset()) {
      switch (other.read("s", after, 10)) {
        case Read.Entries(List<Entry> found, Position head) -> {
          assertChained(other, after.offset(), found);
          after = found.isEmpty() ? after : found.getLast().at();
          assertThat(head.offset()).isGreaterThanOrEqualTo(after.offset());
        }
        case Read.Gap gap -> {
          assertThat(gap.why()).isEqualTo(Read.Reason.TRIMMED);
          assertThat(gap.oldest().offset()).isGreaterThan(after.offset());
          after = gap.oldest();
        }
      }
    }
    assertThat(after).isEqualTo(get(writer));
  }
}
