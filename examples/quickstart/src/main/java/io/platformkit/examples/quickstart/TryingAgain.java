package io.platformkit.examples.quickstart;

import io.platformkit.core.Backoff;
import java.time.Duration;
import java.util.Random;

/** How long to wait before each retry. */
public final class TryingAgain {
  private TryingAgain() {}

  /** Prints the delays of one call that keeps failing. */
  public static void main(String[] args) {
    // @start region="backoff"
    Backoff backoff = Backoff.exponential(Duration.ofMillis(100), 5).cap(Duration.ofSeconds(1));
    Random random = new Random(7); // the same seed, the same delays
    for (int failures = 1; failures <= 6; failures++) {
      System.out.println(
          backoff.delay(failures, random).map(d -> d.toMillis() + " ms").orElse("given up"));
    }
    // @end
  }
}
