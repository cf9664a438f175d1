package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemTimersTest extends TimersContract {
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<SystemTimers> made = new ArrayList<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private final AtomicInteger runs = new AtomicInteger();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final SystemTimers timers =
      timers(
          SystemTimers.create(
              (where, failure) -> errors.add(where + ": " + failure.getClass().getSimpleName())));

  @Override
  protected Timers newTimers(ErrorHandler errors) {
    return timers(SystemTimers.create(errors));
  }

  @Override
  protected void pass(Timers timers, Duration span) {
    long start = timers.nanoTime();
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> timers.nanoTime() - start >= span.toNanos());
  }

  @AfterEach
  void closeTimers() {
    release.countDown();
    made.forEach(SystemTimers::close);
  }

  @Test
  void aRunHasAVirtualThreadNamedAfterItsTimer() {
    AtomicReference<Thread> thread = new AtomicReference<>();
    timers.after("cpu-sampler", Duration.ZERO, () -> thread.set(Thread.currentThread()));
    await().until(() -> thread.get() != null);

    assertThat(thread.get().isVirtual()).isTrue();
    assertThat(thread.get().getName()).isEqualTo("timer-cpu-sampler");
  }

  @Test
  void theWaitingThreadIsADaemonAndStartsWithTheFirstTimer() {
    SystemTimers other = timers(SystemTimers.create());
    long before = waitingThreads();

    other.after("later", HOUR, () -> {});

    assertThat(waitingThreads()).isEqualTo(before + 1);
    other.close();
    await().until(() -> waitingThreads() == before);
  }

  @Test
  void aCancelledTimerLeavesTheQueue() {
    Timers.Timer once = timers.after("once", HOUR, () -> {});
    Timers.Timer series = timers.every("series", HOUR, () -> {});
    assertThat(timers.pending()).isEqualTo(2);

    once.cancel();
    series.cancel();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void aLateRunSkipsItsTurns() throws InterruptedException {
    Timers.Timer series =
        timers.every(
            "series",
            Duration.ofMillis(1),
            () -> {
              runs.incrementAndGet();
              inside.countDown();
              awaitQuietly(release);
            });
    inside.await();

    pass(timers, Duration.ofMillis(50));
    assertThat(runs).hasValue(1);
    release.countDown();
    await().until(() -> runs.get() > 1);
    series.cancel();
  }

  @ParameterizedTest
  @CsvSource({"100,10,100,110", "100,10,109,110", "100,10,110,120", "100,10,1234,1240"})
  void theNextTurnIsTheFirstOnTheGridThatIsStillToCome(long due, long period, long now, long next) {
    assertThat(SystemTimers.nextTurn(due, period, now)).isEqualTo(next);
  }

  @Test
  void anErrorIsHandedOverRethrownAndDoesNotEndTheSeries() {
    List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    Timers.Timer series =
        timers.every(
            "broken",
            Duration.ofMillis(1),
            () -> {
              Thread.currentThread()
                  .setUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
              throw new AssertionError("expected by the test");
            });

    await().until(() -> uncaught.size() >= 2);
    series.cancel();
    assertThat(errors).contains("timer 'broken': AssertionError");
    assertThat(uncaught).first().isInstanceOf(AssertionError.class);
  }

  @Test
  void closedTimersStartNothing() {
    timers.after("waiting", Duration.ofMillis(50), runs::incrementAndGet);
    timers.close();

    assertThatThrownBy(() -> timers.after("late", Duration.ZERO, runs::incrementAndGet))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("SystemTimers is closed");
    assertThatThrownBy(() -> timers.every("late", HOUR, runs::incrementAndGet))
        .isInstanceOf(IllegalStateException.class);
    assertThat(timers.pending()).isZero();
    pass(timers, Duration.ofMillis(100));
    assertThat(runs).hasValue(0);
  }

  @Test
  void closeWaitsForRunningTasksAndASecondCloseForTheFirst() throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger sawTheEnd = new AtomicInteger();
    timers.after(
        "slow",
        Duration.ZERO,
        () -> {
          inside.countDown();
          awaitQuietly(release);
          ended.set(true);
        });
    inside.await();

    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      closers.add(
          Thread.ofPlatform()
              .start(() -> {
                timers.close();
                sawTheEnd.addAndGet(ended.get() ? 1 : 0);
              }));
    }
    await()
        .until(() ->
            closers.stream()
                .allMatch(t ->
                    t.getState() == Thread.State.WAITING
                        || t.getState() == Thread.State.TIMED_WAITING));
    release.countDown();
    for (Thread closer : closers) {
      closer.join();
    }

    assertThat(sawTheEnd).hasValue(2);
  }

  @Test
  void aTaskThatOutlastsTheDrainTimeoutIsInterruptedAndTold() throws InterruptedException {
    SystemTimers hasty = SystemTimers.create(ErrorHandler.logging(), Duration.ofMillis(100));
    AtomicBoolean interrupted = new AtomicBoolean();
    hasty.after(
        "endless",
        Duration.ZERO,
        () -> {
          inside.countDown();
          interrupted.set(!awaitQuietly(release));
        });
    inside.await();

    assertThatThrownBy(hasty::close)
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("running timer tasks");
    await().untilTrue(interrupted);
    assertThatCode(hasty::close).doesNotThrowAnyException();
  }

  @Test
  void aTaskMayCloseItsOwnTimers() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch closed = new CountDownLatch(2);
    for (String name : List.of("one", "two")) {
      timers.after(
          name,
          Duration.ZERO,
          () -> {
            started.countDown();
            awaitQuietly(release);
            timers.close();
            closed.countDown();
          });
    }
    started.await();

    release.countDown();
    closed.await();
    assertThat(errors).isEmpty();
  }

  @Test
  void timersThatWereNeverUsedClose() {
    assertThatCode(timers::close).doesNotThrowAnyException();
  }

  @Test
  void aDrainTimeoutOfZeroIsRefused() {
    assertThatThrownBy(() -> SystemTimers.create(ErrorHandler.logging(), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("drainTimeout was 'PT0S' but it must be more than zero");
  }

  private SystemTimers timers(SystemTimers timers) {
    made.add(timers);
    return timers;
  }

  private static long waitingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("platform-timers"))
        .peek(thread -> assertThat(thread.isDaemon()).isTrue())
        .count();
  }

  /** Whether the latch opened, rather than an interruption. */
  private static boolean awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
