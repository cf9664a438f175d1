package io.platformkit.examples.quickstart;

import io.platformkit.core.lease.InMemoryLeases;
import io.platformkit.core.lease.Leases;
import java.time.Duration;

/** Of all nodes, one at a time. */
public final class OneAtATime {
  private OneAtATime() {}

  /** Does the work under a lease, and tries to do it twice at once. */
  public static void main(String[] args) {
    try (var leases = InMemoryLeases.create()) {
      work(leases);
    }
  }

  static void work(Leases leases) {
    // @start region="lease"
    Duration ttl = Duration.ofSeconds(30);
    leases.whileHeld(
        "nightly-report",
        ttl,
        lease -> { // renewed until the work is done
          System.out.println("held: " + lease.remaining().isPositive());
          boolean again = leases.whileHeld("nightly-report", ttl, other -> {});
          System.out.println("held by two: " + again);
        });
    // @end
  }
}
