package io.platformkit.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.platformkit.core.cache.Codec;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** What is compared, over the same keys and values. */
final class Sides {
  static final int KEYS = 10_000;
  static final int VALUE = 200;
  private static final Duration TTL = Duration.ofHours(1);

  private Sides() {}

  /** In an order that no cache was filled in. */
  static String[] keys() {
    List<String> keys =
        new ArrayList<>(IntStream.range(0, KEYS).mapToObj(i -> "key-" + i).toList());
    Collections.shuffle(keys, new Random(2));
    return keys.toArray(String[]::new);
  }

  static byte[] value() {
    byte[] value = new byte[VALUE];
    new Random(1).nextBytes(value);
    return value;
  }

  /** A cache without tiers that has all keys in memory. */
  static TieredCache<String, byte[]> memory() {
    TieredCache<String, byte[]> cache =
        TieredCache.builder("duel", Codec.bytes())
            .loader(key -> Optional.empty())
            .maxEntries(2 * KEYS)
            .ttl(TTL)
            .build();
    cache.start();
    for (String key : keys()) {
      cache.put(key, value());
    }
    System.gc(); // what filling left between the entries is not what a hit costs
    return cache;
  }

  /** Caffeine that does the same: an end for each value, and statistics. */
  static Cache<String, Optional<byte[]>> caffeine() {
    Cache<String, Optional<byte[]>> cache =
        Caffeine.newBuilder()
            .maximumSize(2 * KEYS)
            .expireAfter(Expiry.<String, Optional<byte[]>>creating((key, value) -> TTL))
            .recordStats()
            .build();
    for (String key : keys()) {
      cache.put(key, Optional.of(value()));
    }
    System.gc();
    return cache;
  }

  /** A cache that has nothing in memory for longer than a millisecond, and all keys in Redis. */
  static TieredCache<String, byte[]> overRedis(Redis redis) {
    TieredCache<String, byte[]> cache =
        TieredCache.builder("duel", Codec.bytes())
            .loader(key -> Optional.empty())
            .tier(redis.keyValues("duel"))
            .maxEntries(1)
            .memoryTtl(Duration.ofMillis(1))
            .ttl(TTL)
            .build();
    cache.start();
    for (String key : keys()) {
      cache.put(key, value());
    }
    return cache;
  }

  /** Lettuce on one shared connection, with the same values. */
  static RedisCommands<byte[], byte[]> lettuce(RedisClient client) {
    RedisCommands<byte[], byte[]> redis = client.connect(ByteArrayCodec.INSTANCE).sync();
    for (String key : keys()) {
      redis.set(bytes(key), value());
    }
    return redis;
  }

  static byte[] bytes(String key) {
    return ("plain:" + key).getBytes(StandardCharsets.UTF_8);
  }
}
