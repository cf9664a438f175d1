package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all {@link Timers} promise. Needs AssertJ and Awaitility on the test class path. */
@Timeout(60)
public abstract class TimersContract {
  /** Far enough apart that a slow machine does not pass it by accident. */
  private static final Duration NEVER = Duration.ofDays(1);

  private static final Duration TICK = Duration.ofMillis(5);

  private final AtomicInteger runs = new AtomicInteger();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private Timers timers;

  /** For subclasses. */
  protected TimersContract() {}

  /** New timers, which hand what tasks throw to the handler. */
  protected abstract Timers newTimers(ErrorHandler errors);

  /** Returns when at least this much has passed on the timers' own clock. */
  protected abstract void pass(Timers timers, Duration span);

  @BeforeEach
  void makeTimers() {
    timers = newTimers((where, failure) -> errors.add(where + ": " + failure.getMessage()));
  }

  @Test
  void timePasses() {
    long start = timers.nanoTime();

    pass(timers, TICK);

    assertThat(timers.nanoTime() - start).isGreaterThanOrEqualTo(TICK.toNanos());
  }

  @Test
  void aTaskRunsOnce() {
    timers.after("once", TICK, runs::incrementAndGet);

    untilRuns(1);
    pass(timers, TICK.multipliedBy(5));
    assertThat(runs).hasValue(1);
  }

  @Test
  void aTaskRunsNotBeforeItsDelay() {
    AtomicReference<Long> ranAt = new AtomicReference<>();
    long start = timers.nanoTime();
    timers.after("later", TICK, () -> ranAt.set(timers.nanoTime()));

    timers.after("never", NEVER, runs::incrementAndGet);
    until(() -> ranAt.get() != null);

    assertThat(ranAt.get() - start).isGreaterThanOrEqualTo(TICK.toNanos());
    assertThat(runs).hasValue(0);
  }

  @Test
  void aTaskWithoutDelayRuns() {
    timers.after("now", Duration.ZERO, runs::incrementAndGet);

    untilRuns(1);
  }

  @Test
  void aTaskMayScheduleAnother() {
    timers.after("first", TICK, () -> timers.after("second", TICK, () -> runs.addAndGet(10)));

    untilRuns(10);
  }

  @Test
  void aCancelledTaskNeverRuns() {
    Timers.Timer timer = timers.after("cancelled", TICK.multipliedBy(20), runs::incrementAndGet);
    timer.cancel();

    pass(timers, TICK.multipliedBy(40));
    assertThat(runs).hasValue(0);
  }

  @Test
  void cancelMayBeCalledAnyNumberOfTimesAlsoAfterTheRun() {
    Timers.Timer timer = timers.after("once", Duration.ZERO, runs::incrementAndGet);
    untilRuns(1);

    timer.cancel();
    timer.cancel();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aSeriesRunsAgainAndAgain() {
    Timers.Timer series = timers.every("series", TICK, runs::incrementAndGet);

    untilRuns(3);
    series.cancel();
  }

  @Test
  void noRunOfASeriesComesBeforeItsPlaceOnTheGrid() {
    List<Long> ranAt = new CopyOnWriteArrayList<>();
    long start = timers.nanoTime();
    Timers.Timer series = timers.every("series", TICK, () -> ranAt.add(timers.nanoTime()));
    until(() -> ranAt.size() >= 5);
    series.cancel();

    for (int i = 0; i < 5; i++) {
      assertThat(ranAt.get(i) - start).isGreaterThanOrEqualTo(TICK.toNanos() * (i + 1));
    }
  }

  @Test
  void aCancelledSeriesEnds() {
    AtomicReference<Timers.Timer> series = new AtomicReference<>();
    series.set(
        timers.every(
            "series",
            TICK.multipliedBy(10),
            () -> {
              runs.incrementAndGet();
              series.get().cancel();
            }));

    untilRuns(1);
    pass(timers, TICK.multipliedBy(50));
    assertThat(runs).hasValue(1);
  }

  @Test
  void aThrowGoesToTheErrorHandler() {
    timers.after("broken", TICK, TimersContract::fail);

    until(() -> !errors.isEmpty());
    assertThat(errors).containsExactly("timer 'broken': no luck");
  }

  @Test
  void aThrowDoesNotEndTheSeries() {
    Timers.Timer series =
        timers.every(
            "broken",
            TICK,
            () -> {
              runs.incrementAndGet();
              fail();
            });

    untilRuns(3);
    series.cancel();
    until(() -> errors.size() >= 3);
  }

  @Test
  void runsOfASeriesDoNotOverlap() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Timers.Timer series =
        timers.every(
            "series",
            Duration.ofNanos(1_000),
            () -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              runs.incrementAndGet();
              LockSupport.parkNanos(20_000); // room for another run to come in
              inside.decrementAndGet();
            });

    untilRuns(100);
    series.cancel();
    assertThat(most).hasValue(1);
  }

  @Test
  void aNegativeDelayIsRefused() {
    assertThatThrownBy(() -> timers.after("late", Duration.ofMillis(-1), runs::incrementAndGet))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("delay of timer 'late' was 'PT-0.001S' but it must be zero or more");
  }

  @Test
  void aPeriodOfZeroOrLessIsRefused() {
    for (Duration period : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
      assertThatThrownBy(() -> timers.every("busy", period, runs::incrementAndGet))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "period of timer 'busy' was '%s' but it must be more than zero".formatted(period));
    }
  }

  @Test
  void aDelayBeyondCountingIsAsGoodAsNever() {
    timers.after("never", Duration.ofSeconds(Long.MAX_VALUE), runs::incrementAndGet);
    timers.every("never", Duration.ofSeconds(Long.MAX_VALUE), runs::incrementAndGet);

    pass(timers, TICK);
    assertThat(runs).hasValue(0);
  }

  private void untilRuns(int count) {
    until(() -> runs.get() >= count);
  }

  private void until(Callable<Boolean> condition) {
    await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> {
          pass(timers, TICK);
          return condition.call();
        });
  }

  private static void fail() {
    throw new UnsupportedOperationException("no luck");
  }
}
