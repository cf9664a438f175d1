package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that is cut as soon as it is there, and comes back at once. */
@Timeout(120)
class RapidReconnectsIT extends ServerCase {
  private static final int TIMES = 200;
  private static final int A_TIME = 20;
  private static final String KEPT = "kept/numbers";

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ManualTimers timers = ManualTimers.with(SettableClock.create());
  private final TestBus bus = closing(new TestBus());
  private final RealtimeServer server =
      started(
          RealtimeServer.builder()
              .bus(bus)
              .timers(timers)
              .meterRegistry(meters)
              .topic("kept/*", TopicOptions.builder().history(100_000).build()));

  @ParameterizedTest(name = "sse: {0}")
  @ValueSource(booleans = {false, true})
  void whoComesBackAtOnceAgainAndAgainLosesNothing(boolean sse) throws Exception {
    AtomicInteger next = new AtomicInteger();
    Semaphore due = new Semaphore(0); // some while it connects, and some while it is away
    Wanderer hasty =
        new Wanderer(KEPT, () -> List.of(server.uri()), () -> TIMES * A_TIME - 1, sse, TIMES);
    hasty.visit(1);
    Thread publisher =
        Thread.ofVirtual()
            .start(() -> {
              while (next.get() < TIMES * A_TIME) {
                due.acquireUninterruptibly();
                server.publish(KEPT, Message.of("n", next.getAndIncrement())).join();
              }
            });
    for (int i = 0; i < TIMES; i++) {
      due.release(A_TIME);
      hasty.knock();
    }
    publisher.join();
    while (!hasty.hasAll()) {
      hasty.visit(TIMES);
    }

    assertThat(hasty.connections()).isGreaterThan(TIMES);
    assertThat(hasty.got()).isEqualTo(IntStream.range(0, TIMES * A_TIME).boxed().toList());
    assertNobodyIsLeft();
  }

  @Test
  void whoSubscribesAndIsCutLeavesNothingBehind() {
    int before = bus.subscriptions();
    Map<String, Object> wanted = Map.of("topics", List.of("live", KEPT));
    for (int i = 0; i < TIMES; i++) {
      try (TestClient client = TestClient.connect(server)) {
        client.send("subscribe", "1", wanted);
      }
      SseReader.open(server, "/sse?topics=live," + KEPT, null).close();
    }
    TestClient last = client(server);
    last.send("subscribe", "1", wanted);
    last.await("subscribed");
    await().untilAsserted(() -> assertThat(server.sessions()).hasSize(1));
    assertThat(server.stats().activeConnections()).isEqualTo(1);
    assertThat(server.sessions().iterator().next().topics()).containsExactly(KEPT, "live");
    assertThat(bus.subscriptions()).isEqualTo(before + 1);

    last.cut();
    assertNobodyIsLeft();
    await()
        .untilAsserted(() -> {
          timers.advance(Duration.ofSeconds(31)); // a topic that nobody receives is forgotten then
          assertThat(bus.subscriptions()).isEqualTo(before);
        });
  }

  private void assertNobodyIsLeft() {
    await().untilAsserted(() -> assertThat(server.sessions()).isEmpty());
    assertThat(meters.get("platform.realtime.connections").gauge().value()).isZero();
    assertThat(meters.get("platform.realtime.pending").gauge().value()).isZero();
  }
}
