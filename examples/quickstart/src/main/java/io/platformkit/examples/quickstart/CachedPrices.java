package io.platformkit.examples.quickstart;

import io.platformkit.core.bus.InMemoryMessageBus;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.cache.CacheStats;
import io.platformkit.core.cache.Codec;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.lease.InMemoryLeases;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Values in memory and in a store, loaded once. */
public final class CachedPrices {
  private CachedPrices() {}

  /** Asks for a price, changes it, and asks again. */
  public static void main(String[] args) {
    try (var store = InMemoryKeyValueStore.create();
        var leases = InMemoryLeases.create();
        var bus = InMemoryMessageBus.create()) {
      ask(store, leases, bus);
    }
  }

  static void ask(KeyValueStore store, Leases leases, MessageBus bus) {
    Map<String, String> shop = new ConcurrentHashMap<>(Map.of("lamp", "10"));
    // @start region="cache"
    var builder =
        TieredCache.builder("prices", Codec.text())
            .tier(store) // redis.keyValues("cache")
            .leases(leases) // one load on all nodes
            .bus(bus) // changes reach all nodes
            .loader(id -> Optional.ofNullable(shop.get(id)))
            .ttl(Duration.ofMinutes(10))
            .refreshAhead(0.8)
            .staleOnError(Duration.ofMinutes(5));
    try (var prices = builder.build()) {
      prices.start();
      System.out.println(prices.get("lamp") + " " + prices.get("ghost"));

      shop.put("lamp", "11");
      prices.invalidate("lamp");
      System.out.println(prices.get("lamp") + " " + prices.get("lamp"));

      CacheStats stats = prices.stats();
      System.out.println(stats.loads() + " loads, l1 hit " + stats.tiers().getFirst().hits());
    }
    // @end
  }
}
