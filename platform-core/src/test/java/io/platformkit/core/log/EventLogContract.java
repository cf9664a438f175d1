package io.platformkit.core.log;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Bounds;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.PortContract;
import io.platformkit.core.log.EventLog.Capability;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all {@link EventLog}s promise. An adapter's author extends it and says which server it is
 * and how to open a log there:
 *
 * <pre>{@code
 * class RedisEventLogIT extends EventLogContract {
 *   @Override protected ContractServer server() { return TestRedis.shared(); }
 *   @Override protected ContractServer newServer() { return TestRedis.durable(); }
 *   @Override protected EventLog open(Way way, EventLogOptions options) {
 *     return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
 *         .eventLog(options);
 *   }
 * }
 * }</pre>
 *
 * <p>What a log can't do must be missing from its {@link EventLog#capabilities} and be refused.
 * Random operations are compared with a model; {@code -Dplatform.seed=…} repeats a failing seed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a refused call has none
public abstract class EventLogContract extends EventLogRefusals {
  /** For subclasses. */
  protected EventLogContract() {}

  @Test
  void aHeadMakesTheStreamSoThatItsFirstEntryComesAfter() {
    EventLog log = log();
    Position head = log.head("s");
    assertThat(head.offset()).isZero();
    assertThat(log.head("s")).isEqualTo(head);
    assertThat(entries(log, "s", head)).isEmpty();
    append(log, "s", List.of("a"));
    assertThat(texts(entries(log, "s", head))).containsExactly("a");
    assertThat(texts(entries(log, "s", Position.parse(head.token())))).containsExactly("a");
  }

  @Test
  void anEntryComesBackAsItWas() {
    EventLog log = log();
    Position first = get(log.append("s", bytes("a")));
    Position second = get(log.append("s", new byte[] {0, -1, 127}));
    Position third = get(log.append("s", new byte[0]));
    List<Entry> all = entries(log, "s", Position.OLDEST);
    assertThat(positions(all)).containsExactly(first, second, third);
    assertThat(all.stream().map(Entry::previous))
        .containsExactly(0L, first.offset(), second.offset());
    assertThat(all.get(1).data()).containsExactly(0, -1, 127);
    assertThat(all.get(2).data()).isEmpty();
    assertThat(all.stream().map(Entry::time)).isSorted();
    assertThat(all.getFirst().time()).isEqualTo(all.getFirst().time().truncatedTo(MILLIS));
    assertThat(log.head("s")).isEqualTo(third);
  }

  @Test
  void theTimeOfAnEntryIsThatOfItsAppend() {
    EventLog log = log();
    append(log, "s", List.of("a"));
    server().pass(Duration.ofMillis(20));
    append(log, "s", List.of("b"));
    List<Instant> times = entries(log, "s", Position.OLDEST).stream().map(Entry::time).toList();
    assertThat(Duration.between(times.getFirst(), times.getLast()))
        .isGreaterThanOrEqualTo(Duration.ofMillis(19));
  }

  @Test
  void arraysAreNotShared() {
    EventLog log = log();
    byte[] data = bytes("abc");
    CompletableFuture<Position> appended = log.append("s", data);
    data[0] = 'x';
    get(appended);
    entries(log, "s", Position.OLDEST).getFirst().data()[1] = 'x';
    assertThat(texts(entries(log, "s", Position.OLDEST))).containsExactly("abc");
  }

  @Test
  void offsetsIncreaseAndEachEntryNamesTheOneBefore() {
    EventLog log = log();
    append(log, "s", texts(0, 50));
    get(log.append("s", bytes("e50")));
    append(log, "s", texts(51, 60));
    List<Entry> all = entries(log, "s", Position.OLDEST);
    assertThat(texts(all)).isEqualTo(texts(0, 60));
    assertChained(log, 0, all);
    Set<Long> marks = all.stream().map(entry -> entry.at().mark()).collect(Collectors.toSet());
    assertThat(marks).hasSize(60).allSatisfy(mark -> assertThat(mark).isPositive());
  }

  @Test
  void aReadGivesWhatComesAfterAPositionUpToTheLimit() {
    EventLog log = log();
    List<Position> at = append(log, "s", texts(0, 10));
    Read.Entries page = (Read.Entries) log.read("s", at.get(2), 3);
    assertThat(texts(page.entries())).isEqualTo(texts(3, 6));
    assertThat(page.head()).isEqualTo(at.getLast());
    assertThat(log.read("s", at.getLast(), 10))
        .isEqualTo(new Read.Entries(List.of(), at.getLast()));
    assertThat(texts(entries(log, "s", Position.OLDEST))).isEqualTo(texts(0, 10));
  }

  @Test
  void aReadOfLargeEntriesGivesFewer() {
    EventLog log = log();
    byte[] large = new byte[Bounds.VALUE_BYTES];
    for (int i = 0; i < 12; i++) {
      large[0] = (byte) i;
      get(log.append("s", large));
    }
    List<Entry> first = ((Read.Entries) log.read("s", Position.OLDEST, 100)).entries();
    assertThat(first).hasSizeBetween(1, 11);
    List<Entry> all = entries(log, "s", Position.OLDEST);
    assertThat(all.stream().map(entry -> (int) entry.data()[0]))
        .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
  }

  @Test
  void aBatchMayHaveAllItsEntries() {
    EventLog log = log();
    List<Position> at = append(log, "s", texts(0, EventLog.MAX_BATCH));
    Read.Entries all = (Read.Entries) log.read("s", Position.OLDEST, EventLog.MAX_BATCH);
    assertThat(positions(all.entries())).isEqualTo(at).hasSize(EventLog.MAX_BATCH);
    assertThat(texts(all.entries())).isEqualTo(texts(0, EventLog.MAX_BATCH));
  }

  @Test
  void appendsOfOneThreadKeepTheirOrder() {
    EventLog log = log();
    List<CompletableFuture<Position>> appended = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      appended.add(log.append("s", bytes("e" + i)));
      appended.add(log.append("t", bytes("e" + i)));
    }
    appended.forEach(PortContract::get);
    assertThat(texts(entries(log, "s", Position.OLDEST))).isEqualTo(texts(0, 300));
    assertThat(texts(entries(log, "t", Position.OLDEST))).isEqualTo(texts(0, 300));
  }

  @Test
  void anotherConnectionSeesWhatWasAcknowledged() {
    EventLog log = log();
    EventLog other = log();
    for (int i = 1; i <= 20; i++) {
      Position at = get(log.append("s", bytes("a")));
      assertThat(other.head("s")).isEqualTo(at);
      assertThat(entries(other, "s", Position.OLDEST)).hasSize(i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "S", "s ", "{s}", "s:s", "*", "%", "\n", "é", "e\u0301", "😀"})
  void everyNameIsAStreamOfItsOwn(String stream) {
    EventLog log = log();
    Position other = append(log, "s", List.of("other")).getFirst();
    assertThat(entries(log, stream, log.head(stream))).isEmpty();
    append(log, stream, List.of("a"));
    assertThat(texts(entries(log, stream, Position.OLDEST))).containsExactly("a");
    assertThat(log.head("s")).isEqualTo(other);
  }

  @Test
  void namespacesAreApart() {
    EventLog log = log();
    EventLog other = closing(open(way(), EventLogOptions.of(namespace() + "2")));
    append(log, "s", List.of("a"));
    assertThat(entries(other, "s", other.head("s"))).isEmpty();
    append(other, "s", List.of("b"));
    assertThat(texts(entries(log, "s", Position.OLDEST))).containsExactly("a");
  }

  @Test
  void noOffsetIsGivenTwice() {
    List<EventLog> logs = List.of(log(), log());
    List<List<Position>> positions =
        race(
            8,
            i -> {
              List<Position> mine = new ArrayList<>();
              for (int n = 0; n < 20; n++) {
                List<String> batch = List.of(i + ":" + n + ":0", i + ":" + n + ":1");
                mine.addAll(append(logs.get(i % 2), "s", batch));
              }
              return mine;
            });
    List<Entry> all = entries(logs.getFirst(), "s", Position.OLDEST);
    assertThat(all).hasSize(320);
    assertChained(logs.getFirst(), 0, all);
    List<String> texts = texts(all);
    for (int i = 0; i < 8; i++) {
      String mine = i + ":";
      assertThat(positions.get(i))
          .isEqualTo(
              positions(
                  all.stream()
                      .filter(entry -> texts(List.of(entry)).getFirst().startsWith(mine))
                      .toList()));
    }
    for (int i = 0; i < 320; i += 2) {
      String first = texts.get(i);
      assertThat(texts.get(i + 1)).isEqualTo(first.substring(0, first.length() - 1) + "1");
    }
  }

  @Test
  void aReadDuringAppendsMissesNothing() {
    EventLog log = log();
    EventLog other = log();
    Position start = log.head("s");
    CompletableFuture<List<Integer>> writers =
        async(() ->
            race(
                4,
                i -> {
                  IntStream.range(0, 50).forEach(n -> get(log.append("s", bytes("a"))));
                  return i;
                }));
    List<Entry> seen = new ArrayList<>();
    Position after = start;
    while (seen.size() < 200) {
      Read read = other.read("s", after, 7);
      assertThat(read).isInstanceOf(Read.Entries.class);
      List<Entry> page = ((Read.Entries) read).entries();
      seen.addAll(page);
      after = page.isEmpty() ? after : page.getLast().at();
    }
    get(writers);
    assertChained(log, 0, seen);
    assertThat(seen).isEqualTo(entries(log, "s", start));
  }

  @Test
  void theSameKeyIsOneEntry() {
    EventLog log = log();
    if (!can(log, Capability.KEYED)) {
      assertUnsupported(() -> log.append("s", "k", bytes("a")));
      return;
    }
    Appended first = get(log.append("s", "k", bytes("a")));
    assertThat(first.duplicate()).isFalse();
    assertThat(get(log.append("s", bytes("b")))).isNotEqualTo(first.at());
    assertThat(get(log().append("s", "k", bytes("again"))))
        .isEqualTo(new Appended(first.at(), true));
    assertThat(get(log.append("s", "K", bytes("c"))).duplicate()).isFalse();
    assertThat(get(log.append("t", "k", bytes("d"))).duplicate()).isFalse();
    assertThat(texts(entries(log, "s", Position.OLDEST))).containsExactly("a", "b", "c");
    assertThat(texts(entries(log, "t", Position.OLDEST))).containsExactly("d");
  }

  @Needs(Feature.CLOCK)
  void aKeyIsForgottenAfterItsWindow() {
    EventLog log = log();
    if (!can(log, Capability.KEYED)) {
      return;
    }
    Position first = get(log.append("s", "k", bytes("a"))).at();
    server().pass(EventLog.KEY_WINDOW.minusMillis(1));
    assertThat(get(log.append("s", "k", bytes("b")))).isEqualTo(new Appended(first, true));
    server().pass(EventLog.KEY_WINDOW.plusSeconds(1));
    assertThat(get(log.append("s", "k", bytes("c"))).duplicate()).isFalse();
  }

  @Test
  void whatIsNotAppendedHidesNothingThatIsAppendedBesideIt() {
    EventLog log = log();
    if (!can(log, Capability.KEYED) || !can(log, Capability.CONDITIONAL)) {
      return;
    }
    for (String stream : List.of("s", "t")) {
      get(log.append(stream, "known", bytes("first")));
    }
    Position stale = log.head("s");
    get(log.append("s", bytes("second")));
    List<CompletableFuture<?>> all = new ArrayList<>();
    List<String> expected = new ArrayList<>(List.of("first", "second"));
    for (int i = 0; i < 40; i++) {
      all.add(log.append("s", "known", bytes("again")));
      all.add(log.appendIf("s", stale, List.of(bytes("late"))));
      all.add(log.append("t", "known", bytes("again")));
      all.add(log.append("s", bytes("e" + i)));
      expected.add("e" + i);
    }
    all.forEach(PortContract::get);
    assertThat(texts(entries(log, "s", Position.OLDEST))).isEqualTo(expected);
    assertThat(texts(entries(log, "t", Position.OLDEST))).containsExactly("first");
  }

  @Test
  void oneOfManyAppendsAKey() {
    List<EventLog> logs = List.of(log(), log());
    if (!can(logs.getFirst(), Capability.KEYED)) {
      return;
    }
    for (int round = 0; round < 5; round++) {
      String key = "k" + round;
      List<Appended> outcomes =
          race(8, i -> get(logs.get(i % 2).append("s", key, bytes("by " + i))));
      Position at = logs.getFirst().head("s");
      assertThat(outcomes).containsOnlyOnce(new Appended(at, false));
      assertThat(outcomes).containsOnly(new Appended(at, false), new Appended(at, true));
    }
    assertThat(entries(logs.getFirst(), "s", Position.OLDEST)).hasSize(5);
  }

  @Test
  void aConditionalAppendIsMadeAtItsHeadAlone() {
    EventLog log = log();
    Position start = log.head("s");
    if (!can(log, Capability.CONDITIONAL)) {
      assertUnsupported(() -> log.appendIf("s", start, bytes(List.of("a"))));
      return;
    }
    AppendIf done = get(log.appendIf("s", start, bytes(texts(0, 3))));
    List<Position> at = positions(entries(log, "s", start));
    assertThat(done).isEqualTo(new AppendIf.Done(at));
    AppendIf moved = new AppendIf.Moved(at.getLast());
    assertThat(get(log.appendIf("s", start, bytes(List.of("a"))))).isEqualTo(moved);
    assertThat(get(log.appendIf("s", at.get(1), bytes(List.of("a"))))).isEqualTo(moved);
    Position head = at.getLast();
    Position otherMark = new Position(head.epoch(), head.offset(), head.mark() ^ 1);
    assertThat(get(log.appendIf("s", otherMark, bytes(List.of("a"))))).isEqualTo(moved);
    assertThat(get(log.appendIf("s", Position.OLDEST, bytes(List.of("a"))))).isEqualTo(moved);
    assertThat(get(log.appendIf("s", head, bytes(List.of("e3")))))
        .isInstanceOf(AppendIf.Done.class);
    assertThat(texts(entries(log, "s", start))).isEqualTo(texts(0, 4));
    AppendIf elsewhere = get(log.appendIf("new", head, bytes(List.of("a"))));
    assertThat(elsewhere).isEqualTo(new AppendIf.Moved(log.head("new")));
  }

  @Test
  void oneOfManyAppendsAtAHead() {
    List<EventLog> logs = List.of(log(), log());
    if (!can(logs.getFirst(), Capability.CONDITIONAL)) {
      return;
    }
    for (int round = 0; round < 10; round++) {
      Position head = logs.getFirst().head("s");
      List<AppendIf> outcomes =
          race(6, i -> get(logs.get(i % 2).appendIf("s", head, bytes(List.of("by " + i)))));
      Position now = logs.getFirst().head("s");
      assertThat(outcomes).containsOnlyOnce(new AppendIf.Done(List.of(now)));
      assertThat(outcomes).containsOnly(new AppendIf.Done(List.of(now)), new AppendIf.Moved(now));
    }
    assertThat(entries(logs.getFirst(), "s", Position.OLDEST)).hasSize(10);
  }

  static LongStream tenSeeds() {
    return seeds(10);
  }

  @ParameterizedTest
  @MethodSource("tenSeeds")
  void randomOperationsAgreeWithAModel(long seed) {
    new RandomAppends(seed, List.of(log(), log())).run(60);
  }
}
