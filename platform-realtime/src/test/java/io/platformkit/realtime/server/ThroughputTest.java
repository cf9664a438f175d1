package io.platformkit.realtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThroughputTest {
  private final Throughput throughput = new Throughput();

  private void sample(long count, int second) {
    throughput.sample(count, Long.MAX_VALUE - 5 + TimeUnit.SECONDS.toNanos(second)); // overflows
  }

  @Test
  void nothingIsToldOfOneSample() {
    sample(7, 0);

    assertThat(throughput.perSecond()).isZero();
  }

  @Test
  void itIsTheGrowthOfTheLastTenSeconds() {
    for (int second = 0; second <= 20; second++) {
      sample(100L * second, second);
    }
    for (int second = 21; second <= 26; second++) {
      sample(2_000, second);
    }

    assertThat(throughput.perSecond()).isEqualTo(40);
  }
}
