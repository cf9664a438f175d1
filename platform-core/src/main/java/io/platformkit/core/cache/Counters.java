package io.platformkit.core.cache;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one cache. */
final class Counters {
  final List<TierCounters> tiers;
  final TierCounters memory;
  final LongAdder loads = new LongAdder();
  final LongAdder loadNanos = new LongAdder();
  final LongAdder loadFailures = new LongAdder();
  final LongAdder staleServed = new LongAdder();
  final LongAdder refreshes = new LongAdder();
  final LongAdder refreshFailures = new LongAdder();
  final LongAdder superseded = new LongAdder();
  final LongAdder invalidations = new LongAdder();
  final LongAdder drops = new LongAdder();

  Counters(List<TierCounters> tiers) {
    this.tiers = tiers;
    this.memory = tiers.getFirst();
  }

  CacheStats stats(String cache, long entries) {
    return new CacheStats(
        cache,
        entries,
        tiers.stream().map(TierCounters::stats).toList(),
        loads.sum(),
        loadFailures.sum(),
        staleServed.sum(),
        refreshes.sum(),
        refreshFailures.sum(),
        superseded.sum(),
        invalidations.sum(),
        drops.sum());
  }
}
