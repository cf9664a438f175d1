package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.Backoff.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackoffTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A generator whose doubles are all the same. */
  private static RandomGenerator always(double value) {
    return new Random() {
      private static final long serialVersionUID = 1L;

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  private static List<Duration> delays(Backoff backoff, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(failures -> backoff.delay(failures, always(1)).orElseThrow())
        .toList();
  }

  @Test
  void eachDelayIsTwiceTheOneBefore() {
    Backoff backoff = Backoff.exponential(SECOND, 4).jitter(Jitter.NONE);

    assertThat(delays(backoff, 4))
        .containsExactly(
            SECOND, SECOND.multipliedBy(2), SECOND.multipliedBy(4), SECOND.multipliedBy(8));
  }

  @Test
  void anotherFactorCanBeChosen() {
    Backoff backoff = Backoff.exponential(SECOND, 3).jitter(Jitter.NONE).factor(3);

    assertThat(delays(backoff, 3))
        .containsExactly(SECOND, SECOND.multipliedBy(3), SECOND.multipliedBy(9));
  }

  @Test
  void noDelayIsLongerThanTheCap() {
    Backoff backoff =
        Backoff.exponential(SECOND, Backoff.UNLIMITED)
            .cap(Duration.ofSeconds(5))
            .jitter(Jitter.NONE);

    assertThat(backoff.delay(4, always(0))).contains(Duration.ofSeconds(5));
    assertThat(backoff.delay(Integer.MAX_VALUE, always(0))).contains(Duration.ofSeconds(5));
  }

  @Test
  void afterTheLastRetryThereIsNoDelay() {
    Backoff backoff = Backoff.fixed(SECOND, 2);

    assertThat(backoff.delay(2, always(0))).contains(SECOND);
    assertThat(backoff.delay(3, always(0))).isEqualTo(Optional.empty());
    assertThat(Backoff.fixed(SECOND, 0).delay(1, always(0))).isEmpty();
  }

  @Test
  void fullJitterTakesAnythingUpToTheDelay() {
    Backoff backoff = Backoff.exponential(SECOND, 9).jitter(Jitter.FULL);

    assertThat(backoff.delay(3, always(0))).contains(Duration.ZERO);
    assertThat(backoff.delay(3, always(0.5))).contains(Duration.ofSeconds(2));
    assertThat(backoff.delay(3, always(1))).contains(Duration.ofSeconds(4));
  }

  @Test
  void equalJitterTakesAtLeastHalfOfTheDelay() {
    Backoff backoff = Backoff.exponential(SECOND, 9);

    assertThat(backoff.delay(3, always(0))).contains(Duration.ofSeconds(2));
    assertThat(backoff.delay(3, always(1))).contains(Duration.ofSeconds(4));
  }

  @Test
  void decorrelatedJitterGoesByTheDelayBefore() {
    Backoff backoff =
        Backoff.exponential(SECOND, 9).cap(Duration.ofSeconds(20)).jitter(Jitter.DECORRELATED);

    assertThat(backoff.delay(1, Duration.ZERO, always(1))).contains(SECOND);
    assertThat(backoff.delay(2, Duration.ofSeconds(4), always(0))).contains(SECOND);
    assertThat(backoff.delay(2, Duration.ofSeconds(4), always(1))).contains(Duration.ofSeconds(12));
    assertThat(backoff.delay(3, Duration.ofSeconds(9), always(1))).contains(Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameDelays(Jitter jitter) {
    Backoff backoff = Backoff.exponential(SECOND, 20).jitter(jitter);
    Random one = new Random(7);
    Random other = new Random(7);

    for (int failures = 1; failures <= 20; failures++) {
      Duration delay = backoff.delay(failures, SECOND, one).orElseThrow();
      assertThat(backoff.delay(failures, SECOND, other)).contains(delay);
      assertThat(delay).isBetween(Duration.ZERO, Backoff.DEFAULT_CAP);
    }
  }

  @Test
  void aFirstDelayOverTheDefaultCapIsItsOwnCap() {
    Backoff backoff = Backoff.exponential(Duration.ofHours(1), 3).jitter(Jitter.NONE);

    assertThat(backoff.delay(3, always(0))).contains(Duration.ofHours(1));
  }

  @Test
  void wrongArgumentsAreNamed() {
    Backoff backoff = Backoff.fixed(SECOND, 3);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.fixed(Duration.ZERO, 3))
        .withMessage("first was 'PT0S' but it must be from PT0.000000001S to PT8760H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backoff.cap(Duration.ofMillis(1)))
        .withMessage("cap was 'PT0.001S' but it must be from PT1S to PT8760H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backoff.factor(Double.NaN))
        .withMessage("factor was 'NaN' but it must be from 1 to 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backoff.fixed(SECOND, -1))
        .withMessageStartingWith("retries was '-1' but it must be from 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> backoff.delay(0, always(0)))
        .withMessageStartingWith("failures was '0' but it must be from 1");
  }
}
