package io.platformkit.examples.quickstart;

import io.platformkit.core.CloseOrder;
import io.platformkit.core.PlatformException;
import java.time.Duration;

/** Every step of a close runs, whatever fails, within one limit for all. */
public final class ClosingInOrder {
  private ClosingInOrder() {}

  /** Closes three things, of which the second fails. */
  public static void main(String[] args) {
    // @start region="close"
    try {
      CloseOrder.within(Duration.ofSeconds(10))
          .then("intake", () -> System.out.println("intake stopped"))
          .then("workers", ClosingInOrder::drain)
          .then("connections", () -> System.out.println("connections released"))
          .run();
    } catch (PlatformException e) {
      System.out.println(e.getMessage()); // the cause is kept
    }
    // @end
  }

  private static void drain() {
    throw new IllegalStateException("a worker does not end");
  }
}
