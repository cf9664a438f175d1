package io.platformkit.examples.opsconsole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RatesTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Rates rates = new Rates(nanos::get);

  @Test
  void growthIsGivenPerSecond() {
    rates.perSecond("rx", 1000);
    nanos.addAndGet(500_000_000);

    assertThat(rates.perSecond("rx", 4000)).isEqualTo(6000);
  }

  @Test
  void theFirstReadingHasNoRate() {
    assertThat(rates.perSecond("rx", 1000)).isNaN();
  }

  @Test
  void aCounterThatWentBackHasNoRateOnce() {
    rates.perSecond("rx", 1000);
    nanos.addAndGet(1_000_000_000);
    assertThat(rates.perSecond("rx", 10)).isNaN();
    nanos.addAndGet(1_000_000_000);

    assertThat(rates.perSecond("rx", 15)).isEqualTo(5);
  }

  @Test
  void countersDoNotMix() {
    rates.perSecond("rx", 1000);
    nanos.addAndGet(1_000_000_000);

    assertThat(rates.perSecond("tx", 5)).isNaN();
    assertThat(rates.perSecond("rx", 1001)).isEqualTo(1);
  }
}
