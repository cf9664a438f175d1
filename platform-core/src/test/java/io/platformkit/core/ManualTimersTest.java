package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualTimersTest extends TimersContract {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final SettableClock clock = SettableClock.create();
  private final ManualTimers timers = ManualTimers.with(clock);
  private final List<String> ran = new ArrayList<>();

  @Override
  protected Timers newTimers(ErrorHandler errors) {
    return ManualTimers.with(SettableClock.create(), errors);
  }

  @Override
  protected void pass(Timers timers, Duration span) {
    ((ManualTimers) timers).advance(span);
  }

  @Test
  void timeAndClockMoveTogether() {
    timers.advance(Duration.ofMinutes(1));

    assertThat(timers.nanoTime()).isEqualTo(60_000_000_000L);
    assertThat(clock.instant()).isEqualTo(SettableClock.START.plusSeconds(60));
  }

  @Test
  void tasksRunInTheOrderOfTheirDueTimesAndSeeThem() {
    timers.after("c", SECOND.multipliedBy(3), () -> note("c"));
    timers.after("a", SECOND, () -> note("a"));
    timers.every("b", SECOND.multipliedBy(2), () -> note("b"));

    timers.advance(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("a 1", "b 2", "c 3", "b 4");
    assertThat(clock.instant()).isEqualTo(SettableClock.START.plusSeconds(5));
  }

  @Test
  void tasksOfOneTimeRunInTheOrderOfTheirScheduling() {
    for (String name : List.of("a", "b", "c")) {
      timers.after(name, SECOND, () -> note(name));
    }

    timers.advance(SECOND);

    assertThat(ran).containsExactly("a 1", "b 1", "c 1");
  }

  @Test
  void tasksOfTasksRunWithinTheSpanAndWaitBeyondIt() {
    timers.after(
        "outer",
        SECOND,
        () -> {
          timers.after("inner", SECOND, () -> note("inner"));
          timers.after("later", SECOND.multipliedBy(9), () -> note("later"));
        });

    timers.advance(SECOND.multipliedBy(2));

    assertThat(ran).containsExactly("inner 2");
    assertThat(timers.pending()).isEqualTo(1);
  }

  @Test
  void aJumpOfTheClockFiresNothing() {
    timers.after("later", SECOND, () -> note("later"));

    clock.set(Instant.parse("2030-01-01T00:00:00Z"));
    timers.advance(Duration.ZERO);
    assertThat(ran).isEmpty();

    clock.set(Instant.EPOCH);
    timers.advance(SECOND);
    assertThat(ran).containsExactly("later 1");
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(1));
  }

  @Test
  void pendingCountsWhatWaits() {
    Timers.Timer series = timers.every("series", SECOND, () -> {});
    timers.after("once", SECOND, () -> {});
    assertThat(timers.pending()).isEqualTo(2);

    timers.advance(SECOND);
    assertThat(timers.pending()).isEqualTo(1);

    series.cancel();
    assertThat(timers.pending()).isZero();
  }

  @Test
  void whatTasksThrowComesOutWhenAllHaveRun() {
    timers.after("one", SECOND, () -> fail("one"));
    timers.after("two", SECOND, () -> fail("two"));
    timers.after("three", SECOND, () -> note("three"));

    assertThatThrownBy(() -> timers.advance(SECOND))
        .hasMessage("one")
        .satisfies(first -> assertThat(first.getSuppressed()).hasSize(1));
    assertThat(ran).containsExactly("three 1");
    timers.advance(SECOND);
  }

  @Test
  void aTaskMustNotAdvanceTime() {
    timers.after("greedy", SECOND, () -> timers.advance(SECOND));

    assertThatThrownBy(() -> timers.advance(SECOND))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already being advanced");
  }

  @Test
  void timeDoesNotGoBack() {
    assertThatThrownBy(() -> timers.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void note(String name) {
    ran.add(name + " " + Duration.ofNanos(timers.nanoTime()).toSeconds());
    assertThat(timers.nanoTime() % 1_000_000_000).isZero();
  }

  private static void fail(String message) {
    throw new UnsupportedOperationException(message);
  }
}
