package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.log.TailListener.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TailsTest {
  private static final Position START = new Position("e", 0, 7);

  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final ScriptedSource source = new ScriptedSource();
  private final RecordingListener listener = new RecordingListener();
  private final Tails tails =
      Tails.of(
          "test-log",
          source,
          timers,
          Tails.DEFAULT_POLL,
          (where, failure) -> errors.add(new IllegalStateException(where, failure)));
  private final Tail tail = tails.open(listener);

  @AfterEach
  void close() {
    source.gate.release(1000);
    tails.close();
  }

  @Test
  void whatIsThereAlreadyIsDelivered() {
    source.append("a", 3);
    tail.add("a", START);
    listener.awaitOffsets("a", 1, 2, 3);
    assertThat(source.armings).hasValue(1);
  }

  @Test
  void aWakeUpBringsWhatIsNew() {
    tail.add("a", START);
    source.awaitReads(1);
    source.append("a", 1);
    tails.wake("a");
    listener.awaitOffsets("a", 1);
    source.append("a", 1);
    tails.wake("a");
    listener.awaitOffsets("a", 1, 2);
  }

  @Test
  void aWakeUpOfAnotherStreamReadsNothing() {
    tail.add("a", START);
    source.awaitReads(1);
    tails.wake("b");
    tails.wake("a");
    source.awaitReads(2);
    assertThat(source.asked).allSatisfy(streams -> assertThat(streams).containsOnlyKeys("a"));
  }

  @Test
  void aWakeUpDuringAReadMakesOneMore() {
    source.gate.drainPermits();
    tail.add("a", START);
    source.awaitReads(1);
    source.append("a", 1); // too late for the read that waits
    tails.wake("a");
    source.gate.release(2);
    listener.awaitOffsets("a", 1);
    assertThat(source.asked).hasSize(2);
  }

  @Test
  void aPollFindsWhatNoWakeUpTold() {
    tail.add("a", START);
    source.awaitReads(1);
    source.append("a", 1);
    timers.advance(Tails.DEFAULT_POLL);
    listener.awaitOffsets("a", 1);
    source.append("a", 1);
    timers.advance(Tails.DEFAULT_POLL);
    listener.awaitOffsets("a", 1, 2);
  }

  @Test
  void aPollIsNotEarlierThanFourSeconds() {
    tail.add("a", START);
    source.awaitReads(1);
    timers.advance(Duration.ofMillis(3_999));
    tails.wake("a");
    source.awaitReads(2);
    timers.advance(Duration.ofMillis(1_001));
    source.awaitReads(3);
    assertThat(source.asked).hasSize(3);
  }

  @Test
  void aFullPageIsReadOnAtOnce() {
    source.append("a", 3 * FollowingTail.LIMIT + 1);
    tail.add("a", START);
    int[] all = IntStream.rangeClosed(1, 3 * FollowingTail.LIMIT + 1).toArray();
    listener.awaitOffsets("a", all);
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void manyWokenStreamsAreOneRead() {
    CountDownLatch blocked = listener.block();
    source.append("first", 1);
    tail.add("first", START);
    listener.awaitCalls(1);
    for (int i = 0; i < FollowingTail.STREAMS; i++) {
      tail.add("s" + i, START);
    }
    blocked.countDown();
    source.awaitReads(2);
    assertThat(source.asked.get(1)).hasSize(FollowingTail.STREAMS);
  }

  @Test
  void tenThousandStreamsAreTenReadsAPoll() {
    CountDownLatch blocked = listener.block();
    source.append("first", 1);
    tail.add("first", START);
    listener.awaitCalls(1);
    IntStream.range(1, 10_000).forEach(i -> tail.add("s" + i, START));
    blocked.countDown();
    source.awaitReads(11);
    timers.advance(Tails.DEFAULT_POLL);
    source.awaitReads(21);
    assertThat(source.asked.get(20)).hasSize(FollowingTail.STREAMS);
    tails.wake("s77");
    source.awaitReads(22);
    assertThat(source.asked.get(21)).containsOnlyKeys("s77");
  }

  @Test
  void aSlowListenerHoldsUpItsTailAlone() {
    CountDownLatch blocked = listener.block();
    RecordingListener other = new RecordingListener();
    Tail quick = tails.open(other);
    source.append("a", 1);
    tail.add("a", START);
    listener.awaitCalls(1);
    quick.add("a", START);
    other.awaitOffsets("a", 1);
    source.append("a", 1);
    tails.wake("a");
    other.awaitOffsets("a", 1, 2);
    listener.awaitOffsets("a", 1);
    blocked.countDown();
    listener.awaitOffsets("a", 1, 2);
  }

  @Test
  void whatAListenerThrowsIsToldAndCountsAsDelivered() {
    listener.onCall =
        call -> {
          throw new IllegalStateException("no");
        };
    source.append("a", 1);
    tail.add("a", START);
    await().until(() -> errors.size() == 1);
    assertThat(errors.getFirst()).hasMessage("onEntries of a tail of test-log");
    listener.onCall = call -> {};
    source.append("a", 1);
    tails.wake("a");
    listener.awaitOffsets("a", 1, 2);
  }

  @Test
  void aStreamThatTheSourceLeavesOutIsReadAgain() {
    source.leaveOut = "a";
    source.append("a", 1);
    source.append("b", 1);
    source.gate.drainPermits();
    tail.add("c", START);
    source.awaitReads(1);
    tail.add("a", START);
    tail.add("b", START);
    source.gate.release(10);
    listener.awaitOffsets("b", 1);
    listener.awaitOffsets("a", 1);
  }

  @Test
  void wrongArgumentsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tail.add("", START))
        .withMessageStartingWith("stream was ''");
    tail.add("a", START);
    assertThatIllegalStateException()
        .isThrownBy(() -> tail.add("a", START))
        .withMessage("tail follows stream 'a' already");
  }

  @Nested
  class AfterAGap {
    private final Read.Gap gap = new Read.Gap(Read.Reason.TRIMMED, START, START);

    @Test
    void theStreamIsNotFollowedAnyMore() {
      source.gaps.put("a", gap);
      tail.add("a", START);
      await().until(() -> listener.gaps.size() == 1);
      source.gaps.clear();
      source.append("a", 1);
      tails.wake("a");
      timers.advance(Tails.DEFAULT_POLL);
      tail.add("b", START);
      source.awaitReads(2);
      assertThat(source.asked.get(1)).containsOnlyKeys("b");
    }

    @Test
    void theListenerMayAddItAnew() {
      source.gaps.put("a", gap);
      source.append("a", 2);
      listener.onGap =
          stream -> {
            source.gaps.clear();
            tail.add(stream, source.at("a", 1));
          };
      tail.add("a", START);
      listener.awaitOffsets("a", 2);
    }
  }

  @Nested
  class WhenItCanNotRead {
    @Test
    void itGoesOnWhereItWas() {
      source.append("a", 1);
      tail.add("a", START);
      listener.awaitOffsets("a", 1);
      source.failure.set(new UnavailableException("down"));
      source.append("a", 1);
      tails.wake("a");
      listener.awaitStates(State.FAILING);
      timers.advance(Duration.ofMillis(50));
      source.awaitReads(3);
      source.failure.set(null);
      await()
          .untilAsserted(() -> {
            timers.advance(Duration.ofMillis(100));
            assertThat(listener.offsets("a")).containsExactly(1, 2);
          });
      listener.awaitStates(State.FAILING, State.LIVE);
    }

    @Test
    void triesGetRarer() {
      source.failure.set(new UnavailableException("down"));
      tail.add("a", START);
      listener.awaitStates(State.FAILING);
      for (int i = 0; i < 10; i++) {
        int before = source.asked.size();
        await().until(() -> timers.pending() == 2);
        timers.advance(Duration.ofSeconds(5));
        source.awaitReads(before + 1);
      }
      await().until(() -> timers.pending() == 2);
      int tries = source.asked.size();
      timers.advance(Duration.ofMillis(2_499));
      tails.wake("a");
      assertThat(source.asked).hasSize(tries);
    }

    @Test
    void aWakeUpDoesNotMakeItTryEarlier() {
      source.failure.set(new UnavailableException("down"));
      tail.add("a", START);
      listener.awaitStates(State.FAILING);
      tails.wake("a");
      tails.wakeAll();
      tail.remove("a");
      assertThat(source.asked).hasSize(1);
    }
  }

  @Nested
  class WhenWakeUpsAreCut {
    @Test
    void theListenerIsToldAndAllIsReadWhenTheyComeAgain() {
      tail.add("a", START);
      source.awaitReads(1);
      tails.wakeUps(false);
      listener.awaitStates(State.POLLING);
      source.append("a", 1);
      tails.wakeUps(true);
      listener.awaitOffsets("a", 1);
      listener.awaitStates(State.POLLING, State.LIVE);
    }

    @Test
    void armingIsTriedAgainWithThePoll() {
      source.armFailures.set(1);
      tail.add("a", START);
      listener.awaitStates(State.POLLING);
      source.awaitReads(1);
      timers.advance(Tails.DEFAULT_POLL);
      listener.awaitStates(State.POLLING, State.LIVE);
    }
  }

  @Nested
  class WhenAStreamIsRemoved {
    @Test
    void nothingMoreIsDelivered() {
      source.gate.drainPermits();
      source.append("a", 1);
      tail.add("a", START);
      source.awaitReads(1);
      tail.remove("a");
      source.gate.release(10);
      tail.add("b", START);
      source.append("b", 1);
      tails.wake("b");
      listener.awaitOffsets("b", 1);
      assertThat(listener.offsets("a")).isEmpty();
    }

    @Test
    void aReadFromBeforeDoesNotCountWhenItIsAddedAnew() {
      source.gate.drainPermits();
      source.append("a", 3);
      tail.add("a", START);
      source.awaitReads(1);
      tail.remove("a");
      tail.add("a", source.at("a", 2));
      source.gate.release(10);
      listener.awaitOffsets("a", 3);
    }

    @Test
    void theCallWaitsForTheDeliveryThatRuns() throws InterruptedException {
      CountDownLatch blocked = listener.block();
      source.append("a", 1);
      tail.add("a", START);
      listener.awaitCalls(1);
      Thread remover = Thread.ofPlatform().start(() -> tail.remove("a"));
      await().until(() -> remover.getState() == Thread.State.WAITING);
      blocked.countDown();
      assertThat(remover.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void theListenerItselfDoesNotWait() {
      listener.onCall = stream -> tail.remove(stream);
      source.append("a", 1);
      tail.add("a", START);
      listener.awaitOffsets("a", 1);
      source.append("a", 1);
      tails.wake("a");
      tail.add("b", START);
      source.append("b", 1);
      tails.wake("b");
      listener.awaitOffsets("b", 1);
      assertThat(listener.offsets("a")).containsExactly(1);
    }
  }

  @Nested
  class WhenClosed {
    @Test
    void nothingIsReadAndNothingAdded() {
      tail.add("a", START);
      source.awaitReads(1);
      tail.close();
      tails.wake("a");
      timers.advance(Tails.DEFAULT_POLL);
      assertThat(source.asked).hasSize(1);
      assertThat(timers.pending()).isZero();
      assertThatIllegalStateException()
          .isThrownBy(() -> tail.add("b", START))
          .withMessage("tail is closed");
    }

    @Test
    void allTailsOfTheLogAre() {
      tails.close();
      tails.close();
      assertThatIllegalStateException().isThrownBy(() -> tail.add("b", START));
      assertThatIllegalStateException()
          .isThrownBy(() -> tails.open(listener))
          .withMessage("test-log is closed");
      assertThat(timers.pending()).isZero();
    }

    @Test
    void theCallWaitsForTheDeliveryThatRuns() throws InterruptedException {
      CountDownLatch blocked = listener.block();
      source.append("a", 1);
      tail.add("a", START);
      listener.awaitCalls(1);
      Thread closer = Thread.ofPlatform().start(tails::close);
      await().until(() -> closer.getState() == Thread.State.WAITING);
      blocked.countDown();
      assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void theListenerMayCloseItsTail() {
      listener.onCall = stream -> tail.close();
      source.append("a", 1);
      tail.add("a", START);
      listener.awaitOffsets("a", 1);
      await()
          .untilAsserted(
              () -> assertThatIllegalStateException().isThrownBy(() -> tail.add("b", START)));
    }

    @Test
    void aRetryThatWaitsIsGivenUp() {
      source.failure.set(new UnavailableException("down"));
      tail.add("a", START);
      listener.awaitStates(State.FAILING);
      tail.close();
      tails.close();
      assertThat(timers.pending()).isZero();
    }
  }

  /** Streams in memory; each read waits for a permit of the gate. */
  private static final class ScriptedSource implements Tails.Source {
    private final Map<String, List<Entry>> streams = new ConcurrentHashMap<>();
    private final Map<String, Read.Gap> gaps = new ConcurrentHashMap<>();
    private final List<Map<String, Position>> asked = new CopyOnWriteArrayList<>();
    private final Semaphore gate = new Semaphore(1_000_000);
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private final AtomicInteger armings = new AtomicInteger();
    private final AtomicInteger armFailures = new AtomicInteger();
    private volatile String leaveOut = "";

    void append(String stream, int count) {
      List<Entry> entries = streams.computeIfAbsent(stream, key -> new CopyOnWriteArrayList<>());
      for (int i = 0; i < count; i++) {
        long last = entries.size();
        entries.add(new Entry(new Position("e", last + 1, 7), last, Instant.EPOCH, new byte[0]));
      }
    }

    Position at(String stream, int offset) {
      return streams.getOrDefault(stream, List.of()).get(offset - 1).at();
    }

    void awaitReads(int count) {
      await().until(() -> asked.size() >= count);
    }

    @Override
    public void arm() {
      armings.incrementAndGet();
      if (armFailures.getAndDecrement() > 0) {
        throw new UnavailableException("no wake-ups");
      }
    }

    @Override
    public Map<String, Read> read(Map<String, Position> after, int limit) {
      Map<String, Read> answer = new ConcurrentHashMap<>();
      after.forEach((stream, position) -> answer.put(stream, read(stream, position, limit)));
      asked.add(Map.copyOf(after));
      if (after.size() > 1) {
        answer.remove(leaveOut);
      }
      gate.acquireUninterruptibly();
      RuntimeException failed = failure.get();
      if (failed != null) {
        throw failed;
      }
      return answer;
    }

    private Read read(String stream, Position after, int limit) {
      Read.Gap gap = gaps.get(stream);
      if (gap != null) {
        return gap;
      }
      List<Entry> all = List.copyOf(streams.getOrDefault(stream, List.of()));
      int from = Math.toIntExact(after.offset());
      List<Entry> page = all.subList(from, Math.min(all.size(), from + limit));
      return new Read.Entries(page, all.isEmpty() ? START : all.getLast().at());
    }
  }

  private static final class RecordingListener implements TailListener {
    private final Map<String, List<Integer>> offsets = new ConcurrentHashMap<>();
    private final List<Read.Gap> gaps = new CopyOnWriteArrayList<>();
    private final List<State> states = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile Consumer<String> onCall = stream -> {};
    private volatile Consumer<String> onGap = stream -> {};

    /** The listener blocks from its next call on, until the latch is counted down. */
    CountDownLatch block() {
      CountDownLatch latch = new CountDownLatch(1);
      onCall =
          stream -> {
            try {
              assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          };
      return latch;
    }

    @Override
    public void onEntries(String stream, List<Entry> entries) {
      assertThat(inside.incrementAndGet()).isEqualTo(1);
      try {
        List<Integer> known = offsets.computeIfAbsent(stream, key -> new CopyOnWriteArrayList<>());
        known.addAll(entries.stream().map(entry -> (int) entry.at().offset()).toList());
        calls.add(stream);
        onCall.accept(stream);
      } finally {
        inside.decrementAndGet();
      }
    }

    @Override
    public void onGap(String stream, Read.Gap gap) {
      gaps.add(gap);
      onGap.accept(stream);
    }

    @Override
    public void onState(State state) {
      synchronized (states) {
        states.add(state);
      }
    }

    List<Integer> offsets(String stream) {
      return offsets.getOrDefault(stream, List.of());
    }

    void awaitOffsets(String stream, int... expected) {
      await()
          .untilAsserted(() ->
              assertThat(offsets(stream))
                  .containsExactly(IntStream.of(expected).boxed().toArray(Integer[]::new)));
    }

    void awaitCalls(int count) {
      await().until(() -> calls.size() >= count);
    }

    void awaitStates(State... expected) {
      await()
          .untilAsserted(() -> {
            synchronized (states) {
              assertThat(states).containsExactly(expected);
            }
          });
    }
  }
}
