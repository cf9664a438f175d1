package io.platformkit.realtime.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Json;
import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Retention;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicsTest {
  private static final String NEWS = "news/today";
  private static final String LIVE = "live";

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final InMemoryEventLog log = InMemoryEventLog.create();
  private final AtomicInteger reads = new AtomicInteger();
  private final InMemoryMessageBus bus = InMemoryMessageBus.create();
  private final List<ExecutorService> loops = new ArrayList<>();
  private final Lane lane = lane();
  private final Topics topics = node();

  private Lane lane() {
    ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    loops.add(loop);
    return new Lane(loop, batch -> {});
  }

  private Topics node() {
    TopicOptions kept = TopicOptions.builder().history(10_000).build();
    TopicOptions few = TopicOptions.builder().history(10).build();
    return new Topics(
        new TopicRules(Map.of("news/*", kept, "few", few), TopicOptions.builder().build()),
        countingReads(),
        bus,
        Json.standard(),
        clock,
        timers,
        ErrorHandler.logging());
  }

  private EventLog countingReads() {
    return (EventLog)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {EventLog.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("read")) {
                reads.incrementAndGet();
              }
              return method.invoke(log, arguments);
            });
  }

  @AfterEach
  void close() {
    topics.close();
    log.close();
    bus.close();
    loops.forEach(ExecutorService::shutdown);
  }

  private Position publish(Topics node, String topic, int number) {
    return node.publish(topic, Message.of("number", number)).join().at().orElse(Position.OLDEST);
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  private Receiver receiver(String topic) {
    Receiver receiver = new Receiver("r" + topic, lane);
    topics.subscribe(receiver, topic, null).begin();
    return receiver;
  }

  @Test
  void whoeverSubscribesGetsWhatComesInOrder() {
    for (String topic : List.of(NEWS, LIVE)) {
      publish(topics, topic, -1);
      Receiver receiver = receiver(topic);
      for (int i = 0; i < 100; i++) {
        publish(topics, topic, i);
      }
      await().until(() -> receiver.payloads().size() == 100);
      assertThat(receiver.payloads()).isEqualTo(numbers(0, 100));
    }
  }

  @Test
  void anEnvelopeSaysWhatWhereAndWhen() {
    Position at =
        topics
            .publish("news/\"odd\"", Message.of("t", Map.of("a", 1)).metadata("m", "x"))
            .join()
            .at()
            .orElseThrow();
    Receiver receiver = new Receiver("r", lane);
    topics.subscribe(receiver, "news/\"odd\"", Position.OLDEST).begin();

    await().until(() -> receiver.deliveries().size() == 1);
    assertThat(Receiver.envelope(receiver.deliveries().getFirst()))
        .containsEntry("version", 1)
        .containsEntry("type", "t")
        .containsEntry("topic", "news/\"odd\"")
        .containsEntry("offset", at.token())
        .containsEntry("timestamp", clock.instant().toString())
        .containsEntry("payload", Map.of("a", 1))
        .containsEntry("metadata", Map.of("m", "x"))
        .containsKey("id");
  }

  @Test
  void whoComesBackGetsExactlyWhatItMissed() {
    Receiver before = receiver(NEWS);
    publish(topics, NEWS, 0);
    await().until(() -> before.payloads().size() == 1);
    Position left = before.last().orElseThrow();
    for (int i = 1; i < 2_500; i++) {
      publish(topics, NEWS, i);
    }

    Receiver after = new Receiver("again", lane);
    topics.subscribe(after, NEWS, left).begin();
    publish(topics, NEWS, 2_500);

    await().until(() -> after.payloads().size() == 2_500);
    assertThat(after.payloads()).isEqualTo(numbers(1, 2_501));
    assertThat(after.gaps()).isEmpty();
  }

  @Test
  void whoHasMoreThanThisNodeHasSeenGetsNothingTwice() {
    Receiver here = receiver(NEWS);
    try (Topics other = node()) {
      for (int i = 0; i < 200; i++) {
        Position at = publish(other, NEWS, i);
        Receiver ahead = new Receiver("ahead" + i, lane);
        topics.subscribe(ahead, NEWS, at).begin();
        publish(other, NEWS, i);
        await().pollInterval(Duration.ofMillis(1)).until(() -> !ahead.payloads().isEmpty());
        assertThat(ahead.payloads().getFirst()).isEqualTo(String.valueOf(i));
        assertThat(ahead.gaps()).isEmpty();
      }
    }
    await().until(() -> here.payloads().size() == 400);
  }

  @Test
  void whatIsTrimmedIsOneGapAndThenWhatComes() {
    Position first = publish(topics, "few", 0);
    for (int i = 1; i < 100; i++) {
      publish(topics, "few", i);
    }
    log.trim("few", Retention.newest(10));

    Receiver receiver = new Receiver("late", lane);
    topics.subscribe(receiver, "few", first).begin();
    publish(topics, "few", 100);

    await().until(() -> !receiver.payloads().isEmpty());
    assertThat(receiver.gaps()).containsExactly(GapReason.TRIMMED);
    assertThat(receiver.payloads()).containsExactly("100");
  }

  @Test
  void theNewestAreReadFromTheLogUnlessThisNodeHasJustDeliveredThem() {
    for (int i = 0; i < 600; i++) {
      publish(topics, NEWS, i);
    }
    assertThat(newest(NEWS, 3)).isEqualTo(numbers(597, 600));
    assertThat(reads).hasPositiveValue();

    Receiver receiver = receiver(NEWS);
    for (int i = 600; i < 650; i++) {
      publish(topics, NEWS, i);
    }
    await().until(() -> receiver.payloads().size() == 50);
    reads.set(0);
    assertThat(newest(NEWS, 50)).isEqualTo(numbers(600, 650));
    assertThat(reads).hasValue(0);
    assertThat(newest(NEWS, 51)).isEqualTo(numbers(599, 650));
  }

  @Test
  void theNewestAreNoMoreThanAreKept() {
    Receiver receiver = receiver("few");
    for (int i = 0; i < 20; i++) {
      publish(topics, "few", i);
    }
    await().until(() -> receiver.payloads().size() == 20);
    timers.advance(Duration.ofSeconds(1));
    await().untilAsserted(() -> assertThat(newest("few", 15)).isEqualTo(numbers(10, 20)));
  }

  private List<String> newest(String topic, int count) {
    return topics.newest(topic, count).stream()
        .map(json -> String.valueOf(Json.standard().decodeObject(json).get("payload")))
        .toList();
  }

  @Test
  void aHistoryIsTrimmedToWhatTheHostWants() {
    for (int i = 0; i < 100; i++) {
      publish(topics, "few", i);
    }
    timers.advance(Duration.ofSeconds(1));

    await()
        .untilAsserted(() -> {
          Receiver receiver = new Receiver("all", lane);
          topics.subscribe(receiver, "few", Position.OLDEST).begin();
          await().until(() -> receiver.payloads().contains("99"));
          assertThat(receiver.payloads()).isEqualTo(numbers(90, 100));
        });
  }

  @Test
  void theSenderCanBeLeftOut() {
    for (String topic : List.of(NEWS, LIVE)) {
      Receiver sender = new Receiver("sender", lane);
      Receiver other = new Receiver("other", lane);
      topics.subscribe(sender, topic, null).begin();
      topics.subscribe(other, topic, null).begin();

      topics.publish(topic, Message.of("n", 1).except("sender")).join();
      topics.publish(topic, Message.of("n", 2)).join();

      await().until(() -> other.payloads().size() == 2);
      await().until(() -> sender.payloads().size() == 1);
      assertThat(sender.payloads()).containsExactly("2");
    }
  }

  @Test
  void whoHasNoRoomGetsTheRestLaterAndLosesNothingOfAHistory() {
    Receiver slow = receiver(NEWS);
    Receiver quick = new Receiver("quick", lane);
    topics.subscribe(quick, NEWS, null).begin();
    slow.stopReading();
    for (int i = 0; i < 3_000; i++) {
      publish(topics, NEWS, i);
    }
    await().until(() -> quick.payloads().size() == 3_000);
    assertThat(slow.payloads()).isEmpty();

    slow.readOn();
    await().until(() -> slow.payloads().size() == 3_000);
    assertThat(slow.payloads()).isEqualTo(numbers(0, 3_000));
    assertThat(slow.gaps()).isEmpty();
  }

  @Test
  void whoHasNoRoomOnATopicWithoutHistoryIsToldThatItMissedSome() {
    Receiver slow = receiver(LIVE);
    slow.stopReading();
    publish(topics, LIVE, 1);
    await().until(slow::wasRefused);

    slow.readOn();
    await().until(() -> slow.gaps().equals(List.of(GapReason.MISSED)));
    publish(topics, LIVE, 2);
    await().until(() -> slow.payloads().equals(List.of("2")));
  }

  @Test
  void aKeyIsPublishedOnce() {
    Receiver receiver = receiver(NEWS);
    Published first = topics.publish(NEWS, Message.of("n", 1).key("k")).join();
    Published second = topics.publish(NEWS, Message.of("n", 1).key("k")).join();
    publish(topics, NEWS, 2);

    assertThat(first.duplicate()).isFalse();
    assertThat(second.duplicate()).isTrue();
    assertThat(second.at()).isEqualTo(first.at());
    await().until(() -> receiver.payloads().equals(List.of("1", "2")));
  }

  @Test
  void whatEndedGetsNothingMoreAndATopicThatNobodyReceivesIsForgotten() {
    Receiver receiver = new Receiver("r", lane);
    Subscription subscription = topics.subscribe(receiver, NEWS, null);
    subscription.begin();
    subscription.end();
    subscription.end();
    timers.advance(Duration.ofSeconds(31));
    Receiver later = receiver(NEWS);
    publish(topics, NEWS, 1);

    await().until(() -> later.payloads().equals(List.of("1")));
    assertThat(receiver.payloads()).isEmpty();
  }

  @Test
  void whatIsTooLargeOrHasNoNameIsRefused() {
    String large = "x".repeat(1 << 16);
    assertThatThrownBy(() -> topics.publish(LIVE, Message.of("t", large)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topic 'live'")
        .hasMessageContaining("at most 65536");
    assertThatThrownBy(() -> topics.publish("x".repeat(257), Message.of("t", 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("topic had 257 characters but it must have at most 256");
  }

  /** Two nodes on one log, publishers on both, subscribers that come and go with their position. */
  @Test
  void whoeverComesAndGoesGetsEachMessageOnceInOrder() throws Exception {
    long seed = Long.getLong("platform.seed", System.nanoTime());
    System.out.printf("TopicsTest: seed %d%n", seed);
    int messages = 1_500;
    try (Topics other = node()) {
      List<Wanderer> wanderers = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        wanderers.add(
            new Wanderer(
                List.of(topics, other),
                List.of(lane, lane()),
                String.valueOf(messages - 1),
                seed + i));
      }
      List<Thread> threads =
          wanderers.stream().map(one -> Thread.ofVirtual().start(one::comeAndGo)).toList();
      for (int i = 0; i < messages; i++) {
        publish(i % 2 == 0 ? topics : other, NEWS, i);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      for (Wanderer one : wanderers) {
        assertThat(one.got).as("seed %d", seed).isEqualTo(numbers(0, messages));
      }
    }
  }

  /** Comes to some node, gets some messages, leaves, and comes again with its position. */
  private static final class Wanderer {
    private final List<Topics> nodes;
    private final List<Lane> lanes;
    private final String until;
    private final Random random;
    private final List<String> got = new ArrayList<>();
    private Position at = Position.OLDEST;

    Wanderer(List<Topics> nodes, List<Lane> lanes, String until, long seed) {
      this.nodes = nodes;
      this.lanes = lanes;
      this.until = until;
      this.random = new Random(seed);
    }

    void comeAndGo() {
      while (got.isEmpty() || !got.getLast().equals(until)) {
        Receiver receiver = new Receiver("w", lanes.get(random.nextInt(lanes.size())));
        Subscription subscription =
            nodes.get(random.nextInt(nodes.size())).subscribe(receiver, NEWS, at);
        subscription.begin();
        int enough = random.nextInt(300);
        await()
            .pollInterval(Duration.ofMillis(1))
            .until(
                () -> receiver.payloads().size() >= enough || receiver.payloads().contains(until));
        receiver.leave();
        subscription.end();
        assertThat(receiver.gaps()).isEmpty();
        got.addAll(receiver.payloads());
        at = receiver.last().orElse(at);
      }
    }
  }
}
