package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.PlatformException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What an event log promises when its server was restarted, also with older data. */
abstract class EventLogAfterRestart extends EventLogAccess {
  @Needs(Feature.RESTART)
  void whatWasAcknowledgedSurvivesARestartAndTailsGoOn() {
    ContractServer server = ownServer();
    EventLog log = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    RecordingTail told = new RecordingTail();
    log.tail(told).add("s", log.head("s"));
    AtomicBoolean restarted = new AtomicBoolean();
    ConcurrentLinkedQueue<Position> acknowledged = new ConcurrentLinkedQueue<>();
    AtomicInteger count = new AtomicInteger();
    CompletableFuture<Integer> writer =
        async(() -> {
          int after = 0;
          while (after < 20) {
            after += restarted.get() ? 1 : 0;
            try {
              acknowledged.add(get(log.append("s", bytes("e" + count.getAndIncrement()))));
            } catch (PlatformException unknownOrNotDone) {
              count.incrementAndGet();
            }
          }
          return after;
        });
    await().until(() -> acknowledged.size() > 20);
    server.restart();
    restarted.set(true);
    get(writer);
    List<Entry> all = entries(open(wayTo(server)), "s", Position.OLDEST);
    assertThat(positions(all)).containsAll(acknowledged).doesNotHaveDuplicates();
    told.awaitTexts("s", texts(all));
  }

  @Needs(Feature.SNAPSHOT)
  void aServerThatWasRolledBackIsFoundOut() {
    ContractServer server = ownServer();
    EventLog log = open(wayTo(server));
    List<Position> before = append(log, "s", texts(0, 10));
    server.snapshot();
    List<Position> gone = append(log, "s", texts(10, 20));
    server.restore();
    EventLog again = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    append(again, "s", texts(100, 115));
    Read.Gap found = gap(again, "s", gone.getFirst());
    assertThat(found.why()).isEqualTo(Read.Reason.ROLLED_BACK);
    assertThat(found.head().epoch()).isNotEqualTo(gone.getFirst().epoch());
    assertThat(found.head()).isEqualTo(again.head("s"));
    assertThat(gone).allSatisfy(position -> assertThat(gap(again, "s", position)).isEqualTo(found));
    List<String> left = new ArrayList<>(texts(5, 10));
    left.addAll(texts(100, 115));
    assertThat(texts(entries(again, "s", before.get(4)))).isEqualTo(left);
  }

  @Needs(Feature.SNAPSHOT)
  void aTailOfAServerThatWasRolledBackIsToldOfTheGap() {
    ContractServer server = ownServer();
    EventLog log = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    RecordingTail told = new RecordingTail();
    Position start = log.head("s");
    server.snapshot();
    Tail tail = log.tail(told);
    tail.add("s", start);
    append(log, "s", texts(0, 10));
    told.awaitTexts("s", texts(0, 10));
    server.restore();
    append(open(wayTo(server).timeout(Duration.ofSeconds(30))), "s", texts(100, 115));
    Read.Gap found = told.awaitGap("s");
    assertThat(found.why()).isEqualTo(Read.Reason.ROLLED_BACK);
    assertThat(told.texts("s")).isEqualTo(texts(0, 10));
    tail.add("s", start);
    List<String> both = new ArrayList<>(texts(0, 10));
    both.addAll(texts(100, 115));
    told.awaitTexts("s", both);
  }
}
