package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.platformkit.core.Proofs;
import io.platformkit.realtime.CloseReason;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.SlowConsumers;
import io.platformkit.realtime.TopicOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Some of many clients stop reading: the others don't notice, and what waits is bounded. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SlowClientsIT extends ServerCase {
  private static final int HEALTHY = Proofs.times(98, 990);
  private static final int STALLED = Proofs.times(2, 10);
  private static final int MESSAGES = Proofs.times(800, 5_000);
  private static final String TEXT = "x".repeat(10_000);
  private static final int MOST_PENDING = 256 << 10;
  private static final int CUT = 0; // for it did not even read that
  private static final int AHEAD = 20; // of the healthy ones

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<RawSubscriber> healthy = new ArrayList<>();
  private final List<RawSubscriber> stalled = new ArrayList<>();

  private record Numbered(int i, String text) {}

  /** Returns when the healthy ones have everything. */
  private RealtimeServer publish(TopicOptions options) throws IOException {
    RealtimeServer server =
        started(
            RealtimeServer.builder()
                .topic("numbers", options)
                .maxPendingBytes(MOST_PENDING)
                .pingInterval(Duration.ofHours(1))
                .meterRegistry(meters));
    for (int i = 0; i < HEALTHY + STALLED; i++) {
      (i < HEALTHY ? healthy : stalled).add(closing(RawSubscriber.to(server.uri(), "numbers")));
    }
    stalled.forEach(RawSubscriber::stopReading);
    for (int i = 0; i < MESSAGES; i++) {
      server.publish("numbers", Message.of("n", new Numbered(i, TEXT))).join();
      if (i % AHEAD == 0 || i == MESSAGES - 1) {
        int due = i + 1;
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> healthy.stream().allMatch(each -> each.next() == due));
        assertPendingIsBounded(server);
      }
    }
    assertThat(healthy).allSatisfy(each -> assertThat(each.oddities()).isEmpty());
    stalled.forEach(RawSubscriber::readOn);
    return server;
  }

  private static void assertPendingIsBounded(RealtimeServer server) {
    assertThat(server.sessions())
        .allSatisfy(session ->
            assertThat(((ClientSession) session).pendingBytes()).isLessThanOrEqualTo(MOST_PENDING));
  }

  private double dropped(String reason) {
    return meters.counter("platform.realtime.dropped", "reason", reason).count();
  }

  private static TopicOptions.Builder options(SlowConsumers slow) {
    return TopicOptions.builder().slowConsumers(slow);
  }

  @Test
  void offendersAreSentAway() throws Exception {
    publish(options(SlowConsumers.DISCONNECT).build());

    await().until(() -> stalled.stream().allMatch(RawSubscriber::isOver));
    assertThat(stalled)
        .allSatisfy(each -> {
          assertThat(each.closeCode()).isIn(CloseReason.SLOW.code(), CUT);
          assertThat(each.oddities()).isEmpty();
          assertThat(each.next()).isLessThan(MESSAGES);
        });
    assertThat(dropped("disconnected")).isPositive();
  }

  @Test
  void offendersLoseTheOldestAndAreToldOnce() throws Exception {
    publish(options(SlowConsumers.DROP_OLDEST).build());

    await().until(() -> stalled.stream().allMatch(each -> each.next() == MESSAGES));
    assertThat(stalled)
        .allSatisfy(each -> {
          assertThat(each.oddities()).hasSize(2).contains("gap");
          assertThat(each.isOver()).isFalse();
        });
    assertThat(dropped("slow")).isPositive();
  }

  @Test
  void offendersCatchUpExactlyWithAHistory() throws Exception {
    RealtimeServer server = publish(options(SlowConsumers.DROP_OLDEST).history(MESSAGES).build());

    assertThat(stalled).allSatisfy(each -> assertThat(each.next()).isLessThan(MESSAGES));
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          assertPendingIsBounded(server);
          return stalled.stream().allMatch(each -> each.next() == MESSAGES);
        });
    assertThat(stalled).allSatisfy(each -> assertThat(each.oddities()).isEmpty());
    assertThat(dropped("slow")).isZero();
  }
}
