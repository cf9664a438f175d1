package io.platformkit.core.bus;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.PortContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all {@link MessageBus}es promise. An adapter's author extends it and says which server it is
 * and how to open a bus there:
 *
 * <pre>{@code
 * class RedisMessageBusIT extends MessageBusContract {
 *   @Override protected ContractServer server() { return TestRedis.shared(); }
 *   @Override protected ContractServer newServer() { return TestRedis.durable(); }
 *   @Override protected MessageBus open(Way way, String namespace) {
 *     return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
 *         .messageBus(namespace);
 *   }
 * }
 * }</pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a refused call has none
public abstract class MessageBusContract extends MessageBusUnderFailure {
  /** For subclasses. */
  protected MessageBusContract() {}

  private MessageBus bus() {
    return open(way());
  }

  /** A listener of messages alone. */
  private record Taking(Consumer<byte[]> messages) implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      messages.accept(data);
    }

    @Override
    public void onMissed() {}
  }

  private static List<String> numbered(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  @Test
  void everySubscriberGetsEveryMessage() {
    MessageBus bus = bus();
    MessageBus other = bus();
    List<RecordingSubscriber> all =
        List.of(subscribe(bus, "t"), subscribe(bus, "t"), subscribe(other, "t"));
    publish(bus, "t", "a");
    publish(other, "t", "b");
    all.forEach(told -> {
      told.await("a");
      told.await("b");
      assertThat(told.told()).containsExactlyInAnyOrder("a", "b");
    });
  }

  @Test
  void messagesOfOnePublisherComeInOrder() {
    MessageBus bus = bus();
    RecordingSubscriber own = subscribe(bus, "t");
    RecordingSubscriber other = subscribe(bus(), "t");
    List<String> messages = numbered("m", 500);
    publish(bus, "t", messages.toArray(String[]::new));
    own.await("m499");
    other.await("m499");
    assertThat(own.told()).isEqualTo(messages);
    assertThat(other.told()).isEqualTo(messages);
  }

  @Test
  void manyPublishersAtOnceLoseAndRepeatNothing() {
    List<MessageBus> both = List.of(bus(), bus());
    List<RecordingSubscriber> subscribers = both.stream().map(bus -> subscribe(bus, "t")).toList();
    race(
        6,
        i -> {
          publish(both.get(i % 2), "t", numbered(i + ":", 50).toArray(String[]::new));
          return i;
        });
    for (RecordingSubscriber told : subscribers) {
      await().atMost(PATIENCE).until(() -> told.told().size() >= 300);
      assertThat(told.told()).hasSize(300).doesNotHaveDuplicates();
      for (int i = 0; i < 6; i++) {
        String prefix = i + ":";
        assertThat(told.told().stream().filter(message -> message.startsWith(prefix)))
            .containsExactlyElementsOf(numbered(prefix, 50));
      }
    }
  }

  @Test
  void whatIsPublishedAfterSubscribingIsDelivered() {
    MessageBus publisher = bus();
    MessageBus bus = bus();
    for (int i = 0; i < 20; i++) {
      RecordingSubscriber told = new RecordingSubscriber();
      Subscription subscription = bus.subscribe("t" + i % 3, told);
      publish(publisher, "t" + i % 3, "m" + i);
      told.await("m" + i);
      assertThat(told.told()).containsExactly("m" + i);
      subscription.close();
    }
  }

  @Test
  void equalMessagesAllCome() {
    MessageBus bus = bus();
    RecordingSubscriber told = subscribe(bus(), "t");
    publish(bus, "t", "a", "a", "a", "b");
    told.await("b");
    assertThat(told.told()).containsExactly("a", "a", "a", "b");
  }

  static Stream<byte[]> payloads() {
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    byte[] largest = new byte[MessageBus.MAX_BYTES];
    IntStream.range(0, largest.length).forEach(i -> largest[i] = (byte) ((i * 31) >> 3));
    return Stream.of(new byte[0], new byte[1], all, new byte[7_999], new byte[8_001], largest);
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void aMessageComesAsItWas(byte[] payload) {
    List<String> told = new CopyOnWriteArrayList<>();
    bus().subscribe("t", new Taking(data -> told.add(new String(data, ISO_8859_1))));
    MessageBus bus = bus();
    get(bus.publish("t", payload));
    publish(bus, "t", "after");
    await().atMost(PATIENCE).until(() -> told.size() == 2);
    assertThat(told).containsExactly(new String(payload, ISO_8859_1), "after");
  }

  @Test
  void arraysAreNotShared() {
    MessageBus bus = bus();
    List<String> told = new CopyOnWriteArrayList<>();
    Taking taking =
        new Taking(data -> {
          told.add(new String(data, UTF_8));
          data[1] = 'x';
        });
    bus.subscribe("t", taking);
    bus.subscribe("t", taking);
    byte[] data = "abc".getBytes(UTF_8);
    CompletableFuture<Void> published = bus.publish("t", data);
    data[0] = 'x';
    get(published);
    await().atMost(PATIENCE).until(() -> told.size() == 2);
    assertThat(told).containsOnly("abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "T", "t ", "{t}", "t:t", "*", "t*", "%", "\n", "é", "e\u0301", "😀"})
  void everyNameIsATopicOfItsOwn(String topic) {
    MessageBus bus = bus();
    RecordingSubscriber other = subscribe(bus, "t");
    RecordingSubscriber told = subscribe(bus, topic);
    publish(bus, topic, "a");
    publish(bus, "t", "b");
    told.await("a");
    other.await("b");
    assertThat(told.told()).containsExactly("a");
    assertThat(other.told()).containsExactly("b");
  }

  @Test
  void aTopicMayHaveAllItsBytes() {
    String topic = "é".repeat(256);
    RecordingSubscriber told = subscribe(bus(), topic);
    publish(bus(), topic, "a");
    told.await("a");
  }

  @Test
  void namespacesAreApart() {
    MessageBus bus = bus();
    MessageBus other = closing(open(way(), namespace() + "2"));
    RecordingSubscriber told = subscribe(bus, "t");
    RecordingSubscriber elsewhere = subscribe(other, "t");
    publish(bus, "t", "a");
    publish(other, "t", "b");
    told.await("a");
    elsewhere.await("b");
    assertThat(told.told()).containsExactly("a");
    assertThat(elsewhere.told()).containsExactly("b");
  }

  @Test
  void aClosedSubscriptionGetsNothingAndOthersGoOn() {
    MessageBus bus = bus();
    RecordingSubscriber first = new RecordingSubscriber();
    Subscription subscription = bus.subscribe("t", first);
    RecordingSubscriber second = subscribe(bus, "t");
    publish(bus, "t", "a");
    first.await("a");
    subscription.close();
    subscription.close();
    publish(bus, "t", "b");
    second.await("b");
    RecordingSubscriber third = subscribe(bus, "t");
    publish(bus, "t", "c");
    third.await("c");
    second.await("c");
    assertThat(first.told()).containsExactly("a");
    assertThat(second.told()).containsExactly("a", "b", "c");
    assertThat(third.told()).containsExactly("c");
  }

  @Test
  void aListenerMayCloseItsSubscriptionAndMakeAnother() {
    MessageBus bus = bus();
    AtomicReference<Subscription> own = new AtomicReference<>();
    RecordingSubscriber next = new RecordingSubscriber();
    CountDownLatch ready = new CountDownLatch(1);
    List<String> told = new CopyOnWriteArrayList<>();
    own.set(
        bus.subscribe(
            "t",
            new Taking(data -> {
              told.add(new String(data, UTF_8));
              own.get().close();
              bus.subscribe("t", next);
              ready.countDown();
            })));
    publish(bus, "t", "a");
    await().atMost(PATIENCE).until(() -> ready.getCount() == 0);
    publish(bus, "t", "b");
    next.await("b");
    assertThat(told).containsExactly("a");
    assertThat(next.told()).containsExactly("b");
  }

  @Test
  void whatAListenerThrowsEndsNothing() {
    MessageBus bus = bus();
    List<String> told = new CopyOnWriteArrayList<>();
    bus.subscribe(
        "t",
        new Taking(data -> {
          told.add(new String(data, UTF_8));
          throw new IllegalStateException("of a listener in a test");
        }));
    publish(bus, "t", "a", "b");
    await().atMost(PATIENCE).until(() -> told.size() == 2);
    assertThat(told).containsExactly("a", "b");
  }

  @Test
  void aSlowSubscriberIsToldWhatItMissedAndHoldsUpNobody() {
    MessageBus bus = bus();
    MessageBus publisher = bus();
    CountDownLatch blocked = new CountDownLatch(1);
    RecordingSubscriber slow = new RecordingSubscriber();
    bus.subscribe("t", new Blocking(blocked, slow));
    RecordingSubscriber quick = subscribe(bus, "t");
    int count = MessageBus.DEFAULT_QUEUE + 300;
    publish(publisher, "t", numbered("m", count).toArray(String[]::new));
    await()
        .atMost(PATIENCE)
        .until(() -> {
          publish(publisher, "t", "probe");
          return quick.messages().contains("probe");
        });
    assertThat(slow.told()).isEmpty();
    blocked.countDown();
    slow.await(RecordingSubscriber.MISSED);
    publish(publisher, "t", "last");
    slow.await("last");
    List<String> told = slow.told();
    int until = told.indexOf(RecordingSubscriber.MISSED);
    assertThat(told.subList(0, until)).isEqualTo(numbered("m", count).subList(0, until));
    assertThat(until).isBetween(1, count - 1);
    assertThat(told.indexOf("last")).isGreaterThan(until);
  }

  /** Waits before its first message. */
  private record Blocking(CountDownLatch until, BusListener then) implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      try {
        assertThat(until.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      then.onMessage(data);
    }

    @Override
    public void onMissed() {
      then.onMissed();
    }
  }

  @Test
  void aMessageWithoutSubscribersIsGone() {
    MessageBus bus = bus();
    publish(bus, "t", "a");
    RecordingSubscriber told = subscribe(bus, "t");
    publish(bus, "t", "b");
    told.await("b");
    assertThat(told.told()).containsExactly("b");
  }

  static Stream<String> wrongNames() {
    return Stream.of("", "a\0b", "a\ud800", "x".repeat(513), "é".repeat(257));
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void aWrongTopicIsRefused(String topic) {
    MessageBus bus = bus();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertRefused(refused, () -> bus.publish(topic, new byte[1]), "topic ", "must");
    assertRefused(refused, () -> bus.subscribe(topic, new RecordingSubscriber()), "topic ", "must");
  }

  @Test
  void aMessageThatIsTooLargeIsRefused() {
    MessageBus bus = bus();
    assertRefused(
        IllegalArgumentException.class,
        () -> bus.publish("t", new byte[MessageBus.MAX_BYTES + 1]),
        "65537",
        "65536");
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void nullIsRefused() {
    MessageBus bus = bus();
    Class<NullPointerException> refused = NullPointerException.class;
    assertRefused(refused, () -> bus.publish(null, new byte[1]), "topic");
    assertRefused(refused, () -> bus.publish("t", null), "data");
    assertRefused(refused, () -> bus.subscribe(null, new RecordingSubscriber()), "topic");
    assertRefused(refused, () -> bus.subscribe("t", null), "listener");
  }

  @Test
  void aClosedBusCompletesWhatWasPublishedAndRefusesTheRest() {
    MessageBus bus = bus();
    RecordingSubscriber told = subscribe(bus, "t");
    List<CompletableFuture<Void>> published = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      published.add(bus.publish("u", new byte[1]));
    }
    bus.close();
    bus.close();
    published.forEach(PortContract::get);
    Class<IllegalStateException> refused = IllegalStateException.class;
    assertRefused(refused, () -> bus.publish("t", new byte[1]), "closed");
    assertRefused(refused, () -> bus.subscribe("t", told), "closed");
    assertThat(told.messages()).isEmpty();
  }
}
