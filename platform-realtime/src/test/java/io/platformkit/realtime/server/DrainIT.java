package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.Proofs;
import io.platformkit.core.SettableClock;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node with many clients stops, and they come back to another one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DrainIT extends ServerCase {
  private static final int CLIENTS = Proofs.times(400, 5_000);
  private static final Duration WINDOW = Duration.ofSeconds(Proofs.times(2, 20));
  private static final int LAST = 99;
  private static final String TOPIC = "kept/numbers";

  private final InMemoryEventLog log = closing(InMemoryEventLog.create());
  private final InMemoryMessageBus bus = closing(InMemoryMessageBus.create());
  private final ManualTimers timers =
      ManualTimers.with(SettableClock.create(), ErrorHandler.logging());
  private final List<URI> nodes = new CopyOnWriteArrayList<>();
  private final List<Wanderer> clients = new ArrayList<>();

  private RealtimeServerBuilder node() {
    return RealtimeServer.builder()
        .log(log)
        .bus(bus)
        .signingKey(new byte[32])
        .connectionsPerAddress(CLIENTS)
        .topic("kept/*", TopicOptions.builder().history(1_000).build());
  }

  @Test
  void clientsAreSentToAnotherNodeSpreadOverTheWindowAndLoseNothing() throws Exception {
    RealtimeServer one = started(node().timers(timers).drainWindow(WINDOW));
    RealtimeServer other = started(node());
    nodes.add(one.uri());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Wanderer client = new Wanderer(TOPIC, () -> List.copyOf(nodes), () -> LAST, i % 2 == 0, i);
      clients.add(client);
      threads.add(Thread.ofVirtual().start(() -> stayAndComeBack(client)));
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() ->
            one.sessions().stream().filter(session -> !session.topics().isEmpty()).count()
                == CLIENTS);
    publish(other, 0, LAST / 2);
    nodes.set(0, other.uri());
    Thread closing = Thread.ofPlatform().start(one::close);
    await().until(() -> !one.isReady());
    assertThatThrownBy(() -> SseReader.open(one, "/sse?topics=" + TOPIC, null))
        .hasStackTraceContaining("ConnectException");
    publish(other, LAST / 2, LAST);
    while (closing.isAlive()) {
      timers.advance(Duration.ofMillis(100));
    }
    publish(other, LAST, LAST + 1);
    for (Thread thread : threads) {
      thread.join();
    }

    for (Wanderer each : clients) {
      assertThat(each.got()).isEqualTo(IntStream.rangeClosed(0, LAST).boxed().toList());
      assertThat(each.delays()).hasSize(1);
      assertThat(each.retry()).isEqualTo(each.isStream() ? each.delays().getFirst() : 0);
    }
    assertDelaysAreSpread();
  }

  /** Also of those whose clients never answered. */
  @Test
  void whenItHasClosedEverySessionHasEndedAndTheHostWasToldSo() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    RealtimeServer server = closing(node().build());
    server.onClose(session -> ended.incrementAndGet());
    server.start();
    List<RawSubscriber> silent = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      silent.add(closing(RawSubscriber.to(server.uri(), TOPIC)));
    }
    silent.forEach(RawSubscriber::stopReading);

    server.close();

    assertThat(ended).hasValue(CLIENTS);
    silent.forEach(RawSubscriber::readOn);
    await().until(() -> silent.stream().allMatch(RawSubscriber::isOver));
    assertThat(silent).allSatisfy(each -> assertThat(each.isEnded()).isTrue());
  }

  private static void stayAndComeBack(Wanderer client) {
    while (!client.hasAll()) {
      client.stay();
    }
  }

  private static void publish(RealtimeServer server, int from, int to) {
    for (int i = from; i < to; i++) {
      server.publish(TOPIC, Message.of("n", i)).join();
    }
  }

  /** No second has more than 1.3 times its share. */
  private void assertDelaysAreSpread() {
    Map<Long, Long> bySecond =
        clients.stream()
            .collect(
                Collectors.groupingBy(
                    each -> each.delays().getFirst() / 1_000, Collectors.counting()));
    assertThat(bySecond.values())
        .allSatisfy(count -> assertThat(count).isLessThan(CLIENTS * 13 / 10 / WINDOW.toSeconds()));
  }
}
