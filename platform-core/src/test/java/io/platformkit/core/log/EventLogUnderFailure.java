package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PortContract;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import io.platformkit.core.log.EventLog.Capability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What an event log promises when the network fails. */
abstract class EventLogUnderFailure extends EventLogAfterRestart {
  private static void recover(TcpProxy proxy) {
    proxy.refuse();
    proxy.restore();
  }

  /** A log behind a bad network, and one that isn't; the first append's reply is lost. */
  private final class LostReply {
    private final TcpProxy proxy = newProxy();
    private final EventLog direct = open(way());
    private final EventLog log = open(wayThrough(proxy));

    LostReply() {
      append(log, "s", List.of("first"));
    }

    private <T> CompletableFuture<T> of(Supplier<CompletableFuture<T>> append) {
      proxy.dropReplies();
      CompletableFuture<T> outcome = append.get();
      await().until(() -> entries(direct, "s", Position.OLDEST).size() > 1);
      return outcome;
    }
  }

  @Needs(Feature.NETWORK)
  void anAppendWhoseReplyIsLostMakesOneEntry() {
    LostReply lost = new LostReply();
    CompletableFuture<Position> appended = lost.of(() -> lost.log.append("s", bytes("a")));
    recover(lost.proxy);
    Position at = get(appended);
    append(lost.log, "s", List.of("last"));
    List<Entry> all = entries(lost.direct, "s", Position.OLDEST);
    assertThat(texts(all)).containsExactly("first", "a", "last");
    assertThat(all.get(1).at()).isEqualTo(at);
  }

  @Needs(Feature.NETWORK)
  void anAppendWhoseReplyIsLostIsFoundBehindOthers() {
    LostReply lost = new LostReply();
    CompletableFuture<List<Position>> appended =
        lost.of(() -> lost.log.appendAll("s", bytes(List.of("a", "b"))));
    append(lost.direct, "s", texts(0, 20));
    recover(lost.proxy);
    List<Position> at = get(appended);
    List<Entry> all = entries(lost.direct, "s", Position.OLDEST);
    assertThat(all).hasSize(23);
    assertThat(positions(all.subList(1, 3))).isEqualTo(at);
  }

  @Needs(Feature.NETWORK)
  void anAppendWhoseReplyIsLostAndWhoseEntryIsTrimmedIsUnknown() {
    LostReply lost = new LostReply();
    if (!lost.direct.capabilities().contains(Capability.TRIM)) {
      return;
    }
    CompletableFuture<Position> appended = lost.of(() -> lost.log.append("s", bytes("a")));
    lost.direct.trim("s", Retention.newest(0));
    recover(lost.proxy);
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> get(appended));
    assertThat(entries(lost.direct, "s", Position.OLDEST)).isEmpty();
  }

  @Needs(Feature.NETWORK)
  void anAppendWhoseReplyIsLostAndWhoseStreamIsDeletedIsNotMadeAgain() {
    LostReply lost = new LostReply();
    if (!lost.direct.capabilities().contains(Capability.TRIM)) {
      return;
    }
    CompletableFuture<Position> appended = lost.of(() -> lost.log.append("s", bytes("a")));
    lost.direct.delete("s");
    recover(lost.proxy);
    assertThat(
            appended.handle(
                (at, failure) -> failure == null || failure instanceof OutcomeUnknownException))
        .succeedsWithin(PATIENCE)
        .isEqualTo(true);
    assertThat(entries(lost.direct, "s", Position.OLDEST)).isEmpty();
  }

  @Needs(Feature.NETWORK)
  void anAppendWithAKeyWhoseReplyIsLostMakesOneEntry() {
    LostReply lost = new LostReply();
    if (!lost.direct.capabilities().contains(Capability.KEYED)) {
      return;
    }
    CompletableFuture<Appended> appended = lost.of(() -> lost.log.append("s", "k", bytes("a")));
    recover(lost.proxy);
    List<Entry> all = entries(lost.direct, "s", Position.OLDEST);
    assertThat(get(appended).at()).isEqualTo(all.getLast().at());
    assertThat(texts(all)).containsExactly("first", "a");
  }

  @Needs(Feature.NETWORK)
  void aConditionalAppendWhoseReplyIsLostIsNotToldThatItMoved() {
    LostReply lost = new LostReply();
    if (!lost.direct.capabilities().contains(Capability.CONDITIONAL)) {
      return;
    }
    Position head = lost.direct.head("s");
    CompletableFuture<AppendIf> appended =
        lost.of(() -> lost.log.appendIf("s", head, bytes(List.of("a", "b"))));
    recover(lost.proxy);
    AppendIf outcome = get(appended);
    List<Entry> all = entries(lost.direct, "s", Position.OLDEST);
    assertThat(texts(all)).containsExactly("first", "a", "b");
    assertThat(outcome).isEqualTo(new AppendIf.Done(positions(all.subList(1, 3))));
  }

  @Needs(Feature.NETWORK)
  void appendsOverACutConnectionKeepOrderAndAreDoneOnce() {
    TcpProxy proxy = newProxy();
    EventLog log = open(wayThrough(proxy));
    List<CompletableFuture<Position>> appended = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      appended.add(log.append("s", bytes("e" + i)));
      if (i % 20 == 10) {
        proxy.cut();
      }
    }
    List<Position> at = appended.stream().map(PortContract::get).toList();
    List<Entry> all = entries(open(way()), "s", Position.OLDEST);
    assertThat(texts(all)).isEqualTo(texts(0, 60));
    assertThat(positions(all)).isEqualTo(at);
  }

  @Needs(Feature.NETWORK)
  void aServerThatCanNotBeAskedIsUnavailableUntilItCan() {
    TcpProxy proxy = newProxy();
    EventLog log = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    append(log, "s", List.of("a"));
    proxy.refuse();
    assertThatExceptionOfType(UnavailableException.class).isThrownBy(() -> log.head("s"));
    assertThatExceptionOfType(UnavailableException.class)
        .isThrownBy(() -> get(log.append("s", bytes("b"))));
    proxy.restore();
    await()
        .ignoreExceptions()
        .until(() -> texts(entries(log, "s", Position.OLDEST)).equals(List.of("a")));
  }

  @Needs(Feature.NETWORK)
  void aTailGoesOnWhereItWasAfterACut() {
    TcpProxy proxy = newProxy();
    EventLog direct = open(way());
    RecordingTail told = new RecordingTail();
    Tail tail = open(wayThrough(proxy)).tail(told);
    append(direct, "s", texts(0, 5));
    tail.add("s", Position.OLDEST);
    told.awaitTexts("s", texts(0, 5));
    proxy.refuse();
    append(direct, "s", texts(5, 10));
    proxy.restore();
    told.awaitTexts("s", texts(0, 10));
    proxy.cut();
    append(direct, "s", texts(10, 15));
    told.awaitTexts("s", texts(0, 15));
    assertThat(told.gaps("s")).isEmpty();
  }

  @Needs(Feature.NETWORK)
  void aTailIsToldThatItsServerIsAwayAndBack() {
    TcpProxy proxy = newProxy();
    EventLog direct = open(way());
    RecordingTail told = new RecordingTail();
    open(wayThrough(proxy).timeout(Duration.ofSeconds(1))).tail(told).add("s", direct.head("s"));
    append(direct, "s", texts(0, 1));
    told.awaitTexts("s", texts(0, 1));
    proxy.refuse();
    await().atMost(PATIENCE).until(() -> isAway(told));
    proxy.restore();
    await().atMost(PATIENCE).until(() -> told.states().getLast().equals(TailListener.State.LIVE));
    append(direct, "s", texts(1, 2));
    told.awaitTexts("s", texts(0, 2));
  }

  private static boolean isAway(RecordingTail told) {
    List<TailListener.State> states = told.states();
    return !states.isEmpty() && !states.getLast().equals(TailListener.State.LIVE);
  }

  @Needs(Feature.NETWORK)
  void appendsCompleteOnAThreadOfTheAdapter() {
    TcpProxy proxy = newProxy();
    EventLog log = open(wayThrough(proxy));
    append(log, "s", List.of("a"));
    proxy.holdReplies();
    CompletableFuture<String> thread =
        log.append("s", bytes("b")).thenApply(at -> Thread.currentThread().getName());
    proxy.restore();
    assertThat(get(thread)).startsWith("platform-").doesNotContainIgnoringCase("nio");
  }

  @Needs(Feature.NETWORK)
  void aTailIsCompleteWhileItsConnectionIsCutAgainAndAgain() {
    TcpProxy proxy = newProxy();
    EventLog direct = open(way());
    RecordingTail told = new RecordingTail();
    open(wayThrough(proxy)).tail(told).add("s", Position.OLDEST);
    for (int i = 0; i < 10; i++) {
      append(direct, "s", texts(10 * i, 10 * i + 10));
      if (i % 3 == 0) {
        proxy.cut();
      }
    }
    told.awaitTexts("s", texts(0, 100));
  }
}
