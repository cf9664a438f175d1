package io.platformkit.realtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatesTest {
  private final SettableClock clock = SettableClock.at(Instant.parse("2026-03-07T23:59:59.500Z"));
  private final Dates dates = new Dates(clock);

  @Test
  void theDayHasTwoDigits() {
    assertThat(dates.now()).isEqualTo("Sat, 07 Mar 2026 23:59:59 GMT");
  }

  @Test
  void eachSecondIsWrittenOnce() {
    String first = dates.now();
    clock.advance(Duration.ofMillis(400));
    assertThat(dates.now()).isSameAs(first);
    clock.advance(Duration.ofMillis(100));
    assertThat(dates.now()).isEqualTo("Sun, 08 Mar 2026 00:00:00 GMT");
  }
}
