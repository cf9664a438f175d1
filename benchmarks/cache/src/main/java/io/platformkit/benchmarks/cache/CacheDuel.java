package io.platformkit.benchmarks.cache;

import com.github.benmanes.caffeine.cache.Cache;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.platformkit.benchmarks.Comparison.Kind;
import io.platformkit.benchmarks.Duel;
import io.platformkit.benchmarks.LoadDuel;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.redis.Redis;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Objects;
import java.util.Optional;
import redis.embedded.RedisServer;

/** {@code ./bench duel cache}: a hit in memory, and a miss that Redis answers. */
public final class CacheDuel {
  private static final int CALLERS = 16;

  private final Duel duel;
  private final String[] keys = Sides.keys();

  private CacheDuel(Duel duel) {
    this.duel = duel;
  }

  /**
   * Runs all comparisons.
   *
   * @param args {@code --quick}, {@code --json}, {@code --only=memory} or {@code --only=Redis}
   */
  public static void main(String[] args) throws Exception {
    Duel duel = Duel.of("cache", args);
    duel.title(
        "%d keys, values of %d bytes, JDK %s"
            .formatted(Sides.KEYS, Sides.VALUE, Runtime.version()));
    CacheDuel cache = new CacheDuel(duel);
    if (duel.wants("memory")) {
      cache.memory();
    }
    if (duel.wants("Redis")) {
      cache.redis();
    }
  }

  private void memory() {
    Cache<String, Optional<byte[]>> caffeine = Sides.caffeine();
    try (TieredCache<String, byte[]> ours = Sides.memory()) {
      duel.time(
          "memory: hit, ns",
          keys.length,
          6,
          () -> ours(ours),
          "Caffeine, expireAfter, recordStats",
          Kind.LIMIT,
          () -> caffeine(caffeine));
    }
  }

  private double ours(TieredCache<String, byte[]> cache) {
    long sum = 0;
    for (String key : keys) {
      sum += cache.get(key).orElseThrow().length;
    }
    return sum;
  }

  private double caffeine(Cache<String, Optional<byte[]>> cache) {
    long sum = 0;
    for (String key : keys) {
      sum += Objects.requireNonNull(cache.getIfPresent(key)).orElseThrow().length;
    }
    return sum;
  }

  private void redis() throws Exception {
    int port = freePort();
    RedisServer server =
        RedisServer.newRedisServer()
            .port(port)
            .setting("bind 127.0.0.1")
            .setting("save \"\"")
            .setting("appendonly no")
            .build();
    server.start();
    String uri = "redis://127.0.0.1:" + port;
    RedisClient client = RedisClient.create(uri);
    try (Redis redis = Redis.connect(uri);
        TieredCache<String, byte[]> ours = Sides.overRedis(redis)) {
      RedisCommands<byte[], byte[]> lettuce = Sides.lettuce(client);
      LoadDuel load = LoadDuel.of(duel);
      for (int callers : new int[] {1, CALLERS}) {
        load.run(
            "Redis: miss in memory, hit there, %d callers".formatted(callers),
            callers,
            1,
            (caller, turn) -> require(ours.get(key(caller, turn)).orElseThrow()),
            "Lettuce, GET",
            Kind.LIMIT,
            (caller, turn) -> require(lettuce.get(Sides.bytes(key(caller, turn)))));
      }
      requireMisses(ours);
    } finally {
      client.shutdown();
      server.stop();
    }
  }

  private String key(int caller, long turn) {
    return keys[(int) ((caller * 7919L + turn * 31) % keys.length)];
  }

  private static void require(byte[] value) {
    if (value.length != Sides.VALUE) {
      throw new IllegalStateException("the answer was not the value");
    }
  }

  private static void requireMisses(TieredCache<String, byte[]> cache) {
    double inMemory = cache.stats().tiers().getFirst().hitRate();
    if (inMemory > 0.01) {
      throw new IllegalStateException("memory answered a share of " + inMemory);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
