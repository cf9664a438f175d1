package io.platformkit.core.bus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.ErrorHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SubscribersTest {
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final Subscribers subscribers =
      Subscribers.of("test-bus", 3, (where, failure) -> errors.add(where));
  private final Recording listener = new Recording();

  @AfterEach
  void close() {
    listener.blocked.countDown();
    subscribers.close();
  }

  private static void nothing() {}

  private void deliver(String... messages) {
    for (String message : messages) {
      subscribers.deliver("t", message.getBytes(UTF_8));
    }
  }

  @Test
  void allListenersOfATopicGetItsMessagesInOrder() {
    Recording other = new Recording();
    Recording elsewhere = new Recording();
    subscribers.add("t", listener, SubscribersTest::nothing);
    subscribers.add("t", other, SubscribersTest::nothing);
    subscribers.add("u", elsewhere, SubscribersTest::nothing);
    deliver("a", "b", "c");
    listener.await("a", "b", "c");
    other.await("a", "b", "c");
    assertThat(elsewhere.seen).isEmpty();
  }

  @Test
  void eachGetsACopyOfItsOwn() {
    AtomicReference<byte[]> first = new AtomicReference<>();
    AtomicReference<byte[]> second = new AtomicReference<>();
    byte[] data = {1};
    subscribers.add("t", new Keeping(first), SubscribersTest::nothing);
    subscribers.add("t", new Keeping(second), SubscribersTest::nothing);
    subscribers.deliver("t", data);
    await().until(() -> first.get() != null && second.get() != null);
    assertThat(first.get()).isEqualTo(data).isNotSameAs(data).isNotSameAs(second.get());
  }

  @Test
  void overflowIsToldWhereMessagesAreMissing() {
    listener.block();
    subscribers.add("t", listener, SubscribersTest::nothing);
    deliver("a");
    listener.await("a");
    deliver("b", "c", "d", "e", "f");
    listener.blocked.countDown();
    listener.await("a", "b", "c", "d", "missed");
    deliver("g");
    listener.await("a", "b", "c", "d", "missed", "g");
  }

  @Test
  void aSlowListenerDoesNotHoldUpOthers() {
    listener.block();
    Recording quick = new Recording();
    subscribers.add("t", listener, SubscribersTest::nothing);
    subscribers.add("t", quick, SubscribersTest::nothing);
    deliver("a", "b");
    quick.await("a", "b");
    listener.await("a");
  }

  @Test
  void missedComesBetweenTheMessagesAroundIt() {
    listener.block();
    subscribers.add("t", listener, SubscribersTest::nothing);
    deliver("a");
    listener.await("a");
    deliver("b");
    subscribers.missed();
    subscribers.missed("t");
    deliver("c");
    subscribers.missed("u");
    listener.blocked.countDown();
    listener.await("a", "b", "missed", "c");
  }

  @Test
  void anEmptyMessageIsAMessage() {
    subscribers.add("t", listener, SubscribersTest::nothing);
    deliver("", "a");
    listener.await("", "a");
  }

  @Test
  void whatAListenerThrowsIsToldAndTheNextMessageComes() {
    listener.failing = true;
    subscribers.add("t", listener, SubscribersTest::nothing);
    deliver("a", "b");
    listener.await("a", "b");
    await().until(() -> errors.size() == 2);
    assertThat(errors).containsOnly("onMessage of a subscriber of 't' of test-bus");
  }

  @Test
  void topicsWithoutListenersAreKnown() {
    assertThat(subscribers.hasAny("t")).isFalse();
    Subscription subscription = subscribers.add("t", listener, SubscribersTest::nothing);
    assertThat(subscribers.hasAny("t")).isTrue();
    subscription.close();
    assertThat(subscribers.hasAny("t")).isFalse();
  }

  @Test
  void aClosedSubscriptionDeliversNothing() {
    AtomicInteger closings = new AtomicInteger();
    Subscription subscription = subscribers.add("t", listener, closings::incrementAndGet);
    Recording other = new Recording();
    subscription.close();
    subscription.close();
    subscribers.add("t", other, SubscribersTest::nothing);
    deliver("a");
    other.await("a");
    assertThat(listener.seen).isEmpty();
    assertThat(closings).hasValue(1);
  }

  @Test
  void closingWaitsForTheDeliveryThatRunsAndDropsTheRest() throws InterruptedException {
    AtomicInteger closings = new AtomicInteger();
    listener.block();
    Subscription subscription = subscribers.add("t", listener, closings::incrementAndGet);
    deliver("a", "b");
    listener.await("a");
    Thread closer = Thread.ofPlatform().start(subscription::close);
    await().until(() -> closer.getState() == Thread.State.WAITING);
    assertThat(closings).hasValue(0);
    listener.blocked.countDown();
    assertThat(closer.join(Duration.ofSeconds(10))).isTrue();
    assertThat(listener.seen).containsExactly("a");
    assertThat(closings).hasValue(1);
  }

  @Test
  void aListenerMayCloseItsOwnSubscription() {
    AtomicInteger closings = new AtomicInteger();
    AtomicReference<Subscription> own = new AtomicReference<>();
    listener.after =
        () -> {
          own.get().close();
          assertThat(closings).hasValue(0);
        };
    own.set(subscribers.add("t", listener, closings::incrementAndGet));
    deliver("a", "b");
    await().until(() -> closings.get() == 1);
    assertThat(listener.seen).containsExactly("a");
    assertThat(errors).isEmpty();
  }

  @Test
  void closedSubscribersTakeNoListeners() {
    subscribers.add("t", listener, SubscribersTest::nothing);
    subscribers.close();
    deliver("a");
    assertThat(subscribers.hasAny("t")).isFalse();
    assertThatIllegalStateException()
        .isThrownBy(() -> subscribers.add("t", listener, SubscribersTest::nothing))
        .withMessage("test-bus is closed");
  }

  @Test
  void aQueueHoldsOneMessageAtLeast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Subscribers.of("test-bus", 0, ErrorHandler.logging()))
        .withMessageStartingWith("queue was '0'");
  }

  private record Keeping(AtomicReference<byte[]> kept) implements BusListener {
    @Override
    public void onMessage(byte[] data) {
      kept.set(data);
    }

    @Override
    public void onMissed() {}
  }

  private static final class Recording implements BusListener {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch blocked = new CountDownLatch(0);
    private volatile boolean failing;
    private volatile Runnable after = SubscribersTest::nothing;

    void block() {
      blocked = new CountDownLatch(1);
    }

    void await(String... expected) {
      org.awaitility.Awaitility.await()
          .untilAsserted(() -> assertThat(seen).containsExactly(expected));
    }

    @Override
    public void onMessage(byte[] data) {
      take(new String(data, UTF_8));
    }

    @Override
    public void onMissed() {
      take("missed");
    }

    private void take(String what) {
      seen.add(what);
      try {
        assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      after.run();
      if (failing) {
        throw new IllegalStateException("no");
      }
    }
  }
}
