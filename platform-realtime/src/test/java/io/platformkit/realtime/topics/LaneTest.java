package io.platformkit.realtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Json;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.realtime.TopicOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneTest {
  private final SettableClock clock = SettableClock.create();
  private final InMemoryEventLog log = InMemoryEventLog.create();
  private final InMemoryMessageBus bus = InMemoryMessageBus.create();
  private final Topics topics =
      new Topics(
          new TopicRules(Map.of(), TopicOptions.builder().build()),
          log,
          bus,
          Json.standard(),
          clock,
          ManualTimers.with(clock),
          ErrorHandler.logging());
  private final Loop loop = new Loop();
  private final AtomicLong nanos = new AtomicLong();
  private volatile Duration turn = Duration.ZERO;
  private final Lane lane = new Lane(loop, batch -> {}, () -> nanos.addAndGet(turn.toNanos()));
  private final Receiver receiver = new Receiver("r", lane);
  private final Subscription subscription = topics.subscribe(receiver, "t", null);

  /** Puts off what is scheduled until {@link #elapse}. */
  private static final class Loop extends ScheduledThreadPoolExecutor {
    private final List<Long> lingers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Runnable due;

    Loop() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      if (delay == 0) {
        return super.schedule(command, delay, unit);
      }
      lingers.add(unit.toMicros(delay));
      due = command;
      return super.schedule(() -> {}, 0, unit);
    }

    void elapse() {
      Runnable command = await().until(() -> due, found -> found != null);
      due = null;
      execute(command);
    }
  }

  @AfterEach
  void close() {
    topics.close();
    log.close();
    bus.close();
    loop.shutdownNow();
  }

  private void deliver(int number) {
    Members members = await().until(() -> subscription.members, attached -> attached != null);
    byte[] json = "{\"payload\":%d}".formatted(number).getBytes(UTF_8);
    lane.deliver(members, List.of(new Delivery("number", "", null, 0, json)));
  }

  private void awaitPayloads(String... payloads) {
    await().untilAsserted(() -> assertThat(receiver.payloads()).containsExactly(payloads));
  }

  /** The next turn knows how long this one was. */
  private void deliverFor(Duration time) {
    turn = time;
    deliver(0);
    awaitPayloads("0");
  }

  @Test
  void aLaneThatIsQuickDeliversAtOnce() {
    deliverFor(Duration.ofNanos(159_999));
    deliver(1);
    awaitPayloads("0", "1");
    assertThat(loop.lingers).isEmpty();
  }

  @Test
  void aLaneThatTakesLongGathersABurstIntoOneBatch() {
    deliverFor(Duration.ofMillis(1));
    IntStream.range(1, 10).forEach(this::deliver);
    loop.elapse();
    awaitPayloads("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(receiver.batches()).isEqualTo(2);
    assertThat(loop.lingers).containsExactly(125L);
  }

  @Test
  void itNeverLingersForLong() {
    deliverFor(Duration.ofSeconds(1));
    deliver(1);
    loop.elapse();
    awaitPayloads("0", "1");
    assertThat(loop.lingers).containsExactly(250L);
  }

  @Test
  void whatAConnectionSendsOfItsOwnDoesNotLinger() {
    deliverFor(Duration.ofMillis(1));
    CompletableFuture<Void> sent = new CompletableFuture<>();
    lane.execute(receiver, () -> sent.complete(null));
    assertThat(sent).succeedsWithin(Duration.ofSeconds(10));
    assertThat(loop.lingers).isEmpty();
  }
}
