package io.platformkit.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettableClockTest {
  private final SettableClock clock = SettableClock.create();

  @Test
  void itStandsStillAtItsStart() {
    assertThat(clock.instant()).isEqualTo(SettableClock.START).isEqualTo(clock.instant());
    assertThat(SettableClock.at(Instant.EPOCH).instant()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void itAdvances() {
    clock.advance(Duration.ofSeconds(90));

    assertThat(clock.instant()).isEqualTo("2026-01-01T12:01:30Z");
  }

  @Test
  void itJumpsBothWays() {
    clock.set(Instant.EPOCH);
    assertThat(clock.millis()).isZero();

    clock.set(SettableClock.START);
    assertThat(clock.instant()).isEqualTo(SettableClock.START);
  }

  @Test
  void itDoesNotAdvanceBackwards() {
    assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("span was 'PT-0.001S' but it must be zero or more");
  }
}
