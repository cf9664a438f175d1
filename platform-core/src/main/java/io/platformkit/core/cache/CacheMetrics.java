package io.platformkit.core.cache;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Shows the counters of one cache in the host's registry, until it is closed. */
final class CacheMetrics implements AutoCloseable {
  private static final String PREFIX = "platform.core.cache.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> registered = new ArrayList<>();

  CacheMetrics(MeterRegistry registry, String cache) {
    this.registry = registry;
    this.tags = Tags.of("cache", cache);
  }

  void open(Counters counters, Supplier<Number> entries) {
    registered.add(
        Gauge.builder(PREFIX + "entries", entries)
            .description("Keys in memory")
            .tags(tags)
            .register(registry));
    registered.add(
        FunctionTimer.builder(
                PREFIX + "loads",
                counters,
                all -> all.loads.sum(),
                all -> all.loadNanos.sum(),
                TimeUnit.NANOSECONDS)
            .description("Calls of the loader")
            .tags(tags)
            .register(registry));
    counters.tiers.forEach(this::open);
    count("load.failures", tags, counters.loadFailures);
    count("stale", tags, counters.staleServed);
    count("refreshes", tags.and("result", "done"), counters.refreshes);
    count("refreshes", tags.and("result", "failed"), counters.refreshFailures);
    count("superseded", tags, counters.superseded);
    count("invalidations", tags, counters.invalidations);
    count("drops", tags, counters.drops);
  }

  private void open(TierCounters tier) {
    Tags one = tags.and("tier", tier.tier);
    count("requests", one.and("result", "hit"), tier.hits);
    count("requests", one.and("result", "miss"), tier.misses);
    count("tier.failures", one.and("reason", "timeout"), tier.timeouts);
    count("tier.failures", one.and("reason", "error"), tier.failures);
    count("tier.failures", one.and("reason", "skipped"), tier.skipped);
    count("tier.failures", one.and("reason", "unreadable"), tier.unreadable);
  }

  private void count(String name, Tags of, LongAdder counter) {
    registered.add(
        FunctionCounter.builder(PREFIX + name, counter, LongAdder::sum)
            .tags(of)
            .register(registry));
  }

  @Override
  public void close() {
    registered.forEach(registry::remove);
  }
}
