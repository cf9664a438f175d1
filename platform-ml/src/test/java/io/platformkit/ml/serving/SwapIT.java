package io.platformkit.ml.serving;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shortened; {@code ./bench soak swap} makes 10,000 swaps and looks at memory too. */
class SwapIT {
  private static final int SWAPS = 300;

  @Test
  @Timeout(300)
  void noRequestIsDroppedAndNoneIsAnsweredByTwoVersions() throws InterruptedException {
    SwapsUnderLoad.Outcome outcome = new SwapsUnderLoad().run(SWAPS, 4, swap -> {});

    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.faulty()).isZero();
    assertThat(outcome.swaps()).isEqualTo(SWAPS);
    assertThat(outcome.answers()).isGreaterThan(SWAPS);
    System.out.printf(
        "Swaps under load: %d swaps, %d answers, none dropped, none mixed%n",
        outcome.swaps(), outcome.answers());
  }
}
