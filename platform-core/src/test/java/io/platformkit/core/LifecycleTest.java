package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifecycleTest {
  private final Lifecycle lifecycle = new Lifecycle("http server");
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void startRunsTheActionOnceAndRefusesAnother() {
    lifecycle.start(runs::incrementAndGet);

    assertThatThrownBy(() -> lifecycle.start(runs::incrementAndGet))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("http server was already started and starts only once; build a new one");
    assertThat(runs).hasValue(1);
  }

  @Test
  void aStartThatFailedIsNotTriedAgainButCanBeClosed() {
    assertThatThrownBy(() -> lifecycle.start(LifecycleTest::fail)).hasMessage("no port");

    assertThatThrownBy(() -> lifecycle.start(runs::incrementAndGet))
        .isInstanceOf(IllegalStateException.class);
    lifecycle.close(runs::incrementAndGet);
    assertThat(runs).hasValue(1);
  }

  @Test
  void whatIsClosedDoesNotStart() {
    lifecycle.close(() -> {});

    assertThatThrownBy(() -> lifecycle.start(runs::incrementAndGet))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("http server is closed");
    assertThat(runs).hasValue(0);
  }

  @Test
  void itIsOpenUntilTheCloseBegins() {
    assertThatCode(lifecycle::requireOpen).doesNotThrowAnyException();
    lifecycle.start(() -> {});
    assertThatCode(lifecycle::requireOpen).doesNotThrowAnyException();

    lifecycle.close(() ->
        assertThatThrownBy(lifecycle::requireOpen)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("http server is closed"));
  }

  @Test
  void closeRunsTheActionOnce() {
    lifecycle.close(runs::incrementAndGet);
    lifecycle.close(runs::incrementAndGet);

    assertThat(runs).hasValue(1);
  }

  @Test
  void everyOtherCloseWaitsForTheFirst() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger sawItDone = new AtomicInteger();
    List<Thread> others = new ArrayList<>();

    Thread first =
        Thread.startVirtualThread(() ->
            lifecycle.close(() -> {
              inside.countDown();
              awaitUninterrupted(release);
              done.set(true);
            }));
    inside.await();
    for (int i = 0; i < 3; i++) {
      others.add(
          Thread.ofPlatform()
              .start(() -> {
                lifecycle.close(runs::incrementAndGet);
                sawItDone.addAndGet(done.get() ? 1 : 0);
              }));
    }
    await().until(() -> others.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
    release.countDown();
    first.join();
    for (Thread other : others) {
      other.join();
    }

    assertThat(sawItDone).hasValue(3);
    assertThat(runs).hasValue(0);
  }

  @Test
  void anInterruptedCloseStillWaitsAndKeepsTheFlag() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean flag = new AtomicBoolean();
    Thread first =
        Thread.startVirtualThread(() ->
            lifecycle.close(() -> {
              inside.countDown();
              awaitUninterrupted(release);
            }));
    inside.await();

    Thread second =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              lifecycle.close(() -> {});
              flag.set(release.getCount() == 0 && Thread.currentThread().isInterrupted());
            });
    await().until(() -> second.getState() == Thread.State.WAITING);
    release.countDown();
    first.join();
    second.join();

    assertThat(flag).isTrue();
  }

  @Test
  void aCloseWithinTheCloseReturnsAtOnce() {
    lifecycle.close(() -> lifecycle.close(runs::incrementAndGet));

    assertThat(runs).hasValue(0);
  }

  @Test
  void aStartMayCloseWhatItCouldNotStart() {
    lifecycle.start(() -> lifecycle.close(runs::incrementAndGet));

    assertThat(runs).hasValue(1);
  }

  @Test
  void aCloseWaitsForAStartInProgress() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    Thread starter =
        Thread.startVirtualThread(() ->
            lifecycle.start(() -> {
              inside.countDown();
              awaitUninterrupted(release);
              order.add("started");
            }));
    inside.await();

    Thread closer = Thread.ofPlatform().start(() -> lifecycle.close(() -> order.add("closed")));
    await().until(() -> closer.getState() == Thread.State.WAITING);
    release.countDown();
    starter.join();
    closer.join();

    assertThat(order).containsExactly("started", "closed");
  }

  @Test
  void aCloseThatFailedThrowsOnceAndStaysClosed() {
    assertThatThrownBy(() -> lifecycle.close(LifecycleTest::fail)).hasMessage("no port");

    assertThatCode(() -> lifecycle.close(runs::incrementAndGet)).doesNotThrowAnyException();
    assertThat(runs).hasValue(0);
  }

  private static void fail() {
    throw new UnsupportedOperationException("no port");
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
