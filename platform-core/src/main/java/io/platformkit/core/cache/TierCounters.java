package io.platformkit.core.cache;

import java.util.concurrent.atomic.LongAdder;

/** What is counted of one tier. */
final class TierCounters {
  final String tier;
  final LongAdder hits = new LongAdder();
  final LongAdder misses = new LongAdder();
  final LongAdder timeouts = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder skipped = new LongAdder();
  final LongAdder unreadable = new LongAdder();

  TierCounters(String tier) {
    this.tier = tier;
  }

  CacheStats.Tier stats() {
    return new CacheStats.Tier(
        tier,
        hits.sum(),
        misses.sum(),
        timeouts.sum(),
        failures.sum(),
        skipped.sum(),
        unreadable.sum());
  }
}
