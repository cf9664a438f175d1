package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.ManualTimers;
import io.platformkit.core.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  // @start region="twins"
  private final SettableClock clock = SettableClock.create(); // stands still at noon
  private final ManualTimers timers = ManualTimers.with(clock);

  @Test
  void beatsEverySecondUntilItIsClosed() {
    try (var heartbeat = new Heartbeat(clock, timers)) {
      heartbeat.start();
      timers.advance(Duration.ofMillis(2500)); // runs what is due, at its own due time

      assertThat(heartbeat.last()).contains(SettableClock.START.plusSeconds(2));
    }
    assertThat(timers.pending()).isZero();
  }
  // @end
}
