package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CloseOrderTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(500);

  private final List<String> ran = new CopyOnWriteArrayList<>();
  private final CountDownLatch never = new CountDownLatch(1);

  @Test
  void stepsRunInOrder() {
    CloseOrder.within(LONG)
        .then("intake", () -> ran.add("intake"))
        .then("workers", () -> ran.add("workers"))
        .then("connections", () -> ran.add("connections"))
        .run();

    assertThat(ran).containsExactly("intake", "workers", "connections");
  }

  @Test
  void eachStepHasAThreadNamedAfterIt() {
    CloseOrder.within(LONG)
        .then("intake", () -> ran.add(Thread.currentThread().getName()))
        .then("workers", () -> ran.add(Thread.currentThread().getName()))
        .run();

    assertThat(ran).containsExactly("close-intake", "close-workers");
  }

  @Test
  void laterStepsRunAfterAFailureAndAllFailuresAreTold() {
    PlatformException failure =
        catchThrowableOfType(
            PlatformException.class,
            () ->
                CloseOrder.within(LONG)
                    .then("intake", () -> ran.add("intake"))
                    .then("workers", () -> fail(new IOException("disk")))
                    .then("heartbeat", () -> fail(new AssertionError("bug")))
                    .then("connections", () -> ran.add("connections"))
                    .run());

    assertThat(ran).containsExactly("intake", "connections");
    assertThat(failure).hasMessage("Closing 'workers' failed").hasRootCauseMessage("disk");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessage("Closing 'heartbeat' failed")
        .hasCauseInstanceOf(AssertionError.class);
  }

  @Test
  void aStepOverItsTimeIsInterruptedAndNamedAndTheRestStillRuns() {
    AtomicBoolean interrupted = new AtomicBoolean();

    assertThatThrownBy(() ->
            CloseOrder.within(SHORT)
                .then(
                    "workers",
                    () -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        interrupted.set(true);
                        throw e;
                      }
                    })
                .then("connections", () -> ran.add("connections"))
                .run())
        .isInstanceOf(PlatformException.class)
        .hasMessageMatching(
            "Closing 'workers' took longer than PT0\\.[0-9]+S; it was interrupted and left behind");
    assertThat(ran).containsExactly("connections");
    await().untilTrue(interrupted);
  }

  @Test
  void aStepThatIgnoresInterruptionIsLeftBehind() {
    CountDownLatch ended = new CountDownLatch(1);

    assertThatThrownBy(() ->
            CloseOrder.within(SHORT)
                .then("deaf", () -> awaitDeaf(never, ended))
                .then("connections", () -> ran.add("connections"))
                .run())
        .isInstanceOf(PlatformException.class)
        .hasMessageStartingWith("Closing 'deaf' took longer than");

    assertThat(ran).containsExactly("connections");
    assertThat(ended.getCount()).isEqualTo(1);
    never.countDown();
    await().until(() -> ended.getCount() == 0);
  }

  @Test
  void everyStepIsLeftItsShareWhenAllAreLate() {
    PlatformException failure =
        catchThrowableOfType(
            PlatformException.class,
            () ->
                CloseOrder.within(SHORT)
                    .then("one", never::await)
                    .then("two", never::await)
                    .then("three", () -> ran.add("three"))
                    .run());

    assertThat(failure).hasMessageStartingWith("Closing 'one' took longer than");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessageStartingWith("Closing 'two' took longer than");
    assertThat(ran).containsExactly("three");
  }

  @Test
  void anInterruptedCallerRunsAllStepsAndKeepsTheFlag() throws InterruptedException {
    AtomicBoolean flag = new AtomicBoolean();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              CloseOrder.within(LONG)
                  .then(
                      "workers",
                      () -> {
                        inside.countDown();
                        release.await();
                        ran.add("workers");
                      })
                  .then("connections", () -> ran.add("connections"))
                  .run();
              flag.set(Thread.currentThread().isInterrupted());
            });
    inside.await();
    caller.interrupt();
    await().until(() -> !caller.isInterrupted());
    release.countDown();
    caller.join();

    assertThat(ran).containsExactly("workers", "connections");
    assertThat(flag).isTrue();
  }

  @Test
  void anOrderWithoutStepsDoesNothing() {
    assertThatCode(() -> CloseOrder.within(LONG).run()).doesNotThrowAnyException();
  }

  @Test
  void anOrderRunsOnce() {
    CloseOrder order = CloseOrder.within(LONG).then("intake", () -> ran.add("intake"));
    order.run();

    assertThatThrownBy(order::run).isInstanceOf(IllegalStateException.class);
    assertThat(ran).hasSize(1);
  }

  @Test
  void aLimitOfZeroIsRefused() {
    assertThatThrownBy(() -> CloseOrder.within(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit was 'PT0S' but it must be more than zero");
  }

  @Test
  void aLimitBeyondCountingIsAsGoodAsNone() {
    CloseOrder.within(Duration.ofSeconds(Long.MAX_VALUE))
        .then("intake", () -> ran.add("intake"))
        .then("workers", () -> ran.add("workers"))
        .run();

    assertThat(ran).containsExactly("intake", "workers");
  }

  private static void fail(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  private static void awaitDeaf(CountDownLatch latch, CountDownLatch ended) {
    while (true) {
      try {
        latch.await();
        ended.countDown();
        return;
      } catch (InterruptedException deaf) {
        // goes on waiting
      }
    }
  }
}
