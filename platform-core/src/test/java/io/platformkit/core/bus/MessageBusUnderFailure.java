package io.platformkit.core.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ContractServer;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.PlatformException;
import io.platformkit.core.PortContract;
import io.platformkit.core.TcpProxy;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** What a message bus promises when the network or its server fails. */
abstract class MessageBusUnderFailure extends PortContract {
  /**
   * Opens a bus by a connection of its own, with a queue of {@link MessageBus#DEFAULT_QUEUE};
   * embedded, the same bus for the same namespace. Hand what else is to be closed to {@link
   * #closing}.
   */
  protected abstract MessageBus open(Way way, String namespace);

  @Override
  protected final String port() {
    return "MessageBus";
  }

  /** A bus of this test's namespace. */
  final MessageBus open(Way way) {
    return closing(open(way, namespace()));
  }

  static void publish(MessageBus bus, String topic, String... messages) {
    List.of(messages).stream()
        .map(message -> bus.publish(topic, message.getBytes(UTF_8)))
        .toList()
        .forEach(PortContract::get);
  }

  static RecordingSubscriber subscribe(MessageBus bus, String topic) {
    RecordingSubscriber told = new RecordingSubscriber();
    bus.subscribe(topic, told);
    return told;
  }

  /** Publishes until a message arrives, which shows that messages come again. */
  private static void awaitDelivery(MessageBus bus, RecordingSubscriber told) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          publish(bus, "t", "probe");
          return told.messages().contains("probe");
        });
  }

  @Needs(Feature.NETWORK)
  void aSubscriberWhoseConnectionWasCutIsToldThatItMissedSomething() {
    TcpProxy proxy = newProxy();
    MessageBus direct = open(way());
    RecordingSubscriber told = subscribe(open(wayThrough(proxy)), "t");
    publish(direct, "t", "a");
    told.await("a");
    assertThat(told.missed()).isFalse();
    proxy.refuse();
    publish(direct, "t", "lost");
    proxy.restore();
    told.await(RecordingSubscriber.MISSED);
    publish(direct, "t", "b");
    told.await("b");
    assertThat(told.messages()).containsExactly("a", "b");
  }

  @Needs(Feature.NETWORK)
  void whatIsPublishedAfterMissedWasToldIsDelivered() {
    TcpProxy proxy = newProxy();
    MessageBus direct = open(way());
    List<String> told = new CopyOnWriteArrayList<>();
    open(wayThrough(proxy))
        .subscribe(
            "t",
            new BusListener() {
              @Override
              public void onMessage(byte[] data) {
                told.add(new String(data, UTF_8));
              }

              @Override
              public void onMissed() {
                publish(direct, "t", "after");
              }
            });
    for (int i = 1; i <= 3; i++) {
      int rounds = i;
      proxy.cut();
      await().atMost(PATIENCE).until(() -> Collections.frequency(told, "after") >= rounds);
    }
  }

  @Needs(Feature.NETWORK)
  void anotherTopicOfTheSameConnectionIsToldToo() {
    TcpProxy proxy = newProxy();
    MessageBus bus = open(wayThrough(proxy));
    List<RecordingSubscriber> all =
        IntStream.range(0, 5).mapToObj(i -> subscribe(bus, "t" + i)).toList();
    proxy.cut();
    all.forEach(told -> told.await(RecordingSubscriber.MISSED));
  }

  @Needs(Feature.NETWORK)
  void aSubscriptionMadeWhileTheServerIsAwayComesOrFails() {
    TcpProxy proxy = newProxy();
    MessageBus direct = open(way());
    MessageBus bus = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    subscribe(bus, "other");
    proxy.refuse();
    RecordingSubscriber told = new RecordingSubscriber();
    assertThatExceptionOfType(PlatformException.class).isThrownBy(() -> bus.subscribe("t", told));
    proxy.restore();
    await().atMost(PATIENCE).ignoreExceptions().until(() -> bus.subscribe("t", told) != null);
    publish(direct, "t", "a");
    told.await("a");
    assertThat(told.messages()).containsExactly("a");
  }

  @Needs(Feature.NETWORK)
  void aPublishWhoseReplyIsLostIsUnknownAndNotRepeated() {
    TcpProxy proxy = newProxy();
    RecordingSubscriber told = subscribe(open(way()), "t");
    MessageBus bus = open(wayThrough(proxy).timeout(Duration.ofSeconds(2)));
    publish(bus, "t", "a");
    proxy.dropReplies();
    CompletableFuture<Void> published = bus.publish("t", "b".getBytes(UTF_8));
    told.await("b");
    proxy.refuse();
    proxy.restore();
    assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> get(published));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          publish(bus, "t", "c");
          return true;
        });
    told.await("c");
    assertThat(told.messages().stream().distinct()).containsExactly("a", "b", "c");
    assertThat(Collections.frequency(told.messages(), "b")).isEqualTo(1);
  }

  @Needs(Feature.NETWORK)
  void publishesCompleteOnAThreadOfTheAdapter() {
    TcpProxy proxy = newProxy();
    MessageBus bus = open(wayThrough(proxy));
    publish(bus, "t", "a");
    proxy.holdReplies();
    CompletableFuture<String> thread =
        bus.publish("t", new byte[1]).thenApply(done -> Thread.currentThread().getName());
    proxy.restore();
    assertThat(get(thread)).startsWith("platform-").doesNotContainIgnoringCase("nio");
  }

  @Needs(Feature.NETWORK)
  void aServerThatCanNotBeAskedIsUnavailable() {
    TcpProxy proxy = newProxy();
    MessageBus bus = open(wayThrough(proxy).timeout(Duration.ofSeconds(1)));
    publish(bus, "t", "a");
    proxy.refuse();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> {
          CompletableFuture<Void> published = bus.publish("t", new byte[1]);
          assertThatExceptionOfType(PlatformException.class)
              .isThrownBy(() -> get(published))
              .isInstanceOf(UnavailableException.class);
        });
    proxy.restore();
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> {
          publish(bus, "t", "b");
          return true;
        });
  }

  @Needs(Feature.RESTART)
  void aSubscriberIsToldOfARestartAndGoesOn() {
    ContractServer server = ownServer();
    MessageBus bus = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    RecordingSubscriber told = subscribe(bus, "t");
    publish(bus, "t", "a");
    told.await("a");
    server.restart();
    told.await(RecordingSubscriber.MISSED);
    MessageBus again = open(wayTo(server).timeout(Duration.ofSeconds(30)));
    awaitDelivery(again, told);
    assertThat(told.told().subList(0, 2)).containsExactly("a", RecordingSubscriber.MISSED);
  }
}
