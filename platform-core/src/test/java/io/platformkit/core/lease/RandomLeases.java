package io.platformkit.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Takes, renews and releases leases, chosen by a seed, and compares with who must hold them. */
final class RandomLeases {
  private static final Duration LONG = Duration.ofHours(1);
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final long seed;
  private final Random random;
  private final List<Leases> all;
  private final Map<String, Lease> holders = new HashMap<>();
  private final Map<String, Long> tokens = new HashMap<>();
  private final List<Lease> seen = new ArrayList<>();

  RandomLeases(long seed, List<Leases> all) {
    this.seed = seed;
    this.random = new Random(seed);
    this.all = all;
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      String where = "operation %d of seed %d".formatted(i, seed);
      switch (random.nextInt(4)) {
        case 0, 1 -> acquire(where);
        case 2 -> renew(where);
        default -> release(where);
      }
    }
  }

  private void acquire(String where) {
    String name = NAMES.get(random.nextInt(NAMES.size()));
    Optional<Lease> taken = all.get(random.nextInt(all.size())).tryAcquire(name, LONG);
    assertThat(taken.isEmpty()).as(where).isEqualTo(holders.containsKey(name));
    taken.ifPresent(lease -> {
      assertThat(lease.token()).as(where).isGreaterThan(tokens.getOrDefault(name, 0L));
      tokens.put(name, lease.token());
      holders.put(name, lease);
      seen.add(lease);
    });
  }

  private Optional<Lease> any() {
    return seen.isEmpty() ? Optional.empty() : Optional.of(seen.get(random.nextInt(seen.size())));
  }

  private void renew(String where) {
    any()
        .ifPresent(lease -> {
          boolean holds = lease.equals(holders.get(lease.name()));
          assertThat(lease.renew()).as(where).isEqualTo(holds);
          assertThat(lease.remaining().isPositive()).as(where).isEqualTo(holds);
        });
  }

  private void release(String where) {
    any()
        .ifPresent(lease -> {
          lease.release();
          holders.remove(lease.name(), lease);
          assertThat(lease.remaining()).as(where).isZero();
        });
  }
}
