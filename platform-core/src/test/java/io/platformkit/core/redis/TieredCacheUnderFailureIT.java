package io.platformkit.core.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.TcpProxy;
import io.platformkit.core.cache.CacheException;
import io.platformkit.core.cache.CacheStats;
import io.platformkit.core.cache.Codec;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.cache.TieredCacheBuilder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cache whose Redis is slow, down, or out of reach for a while. */
@Timeout(60)
class TieredCacheUnderFailureIT {
  private static final Duration TIER_TIMEOUT = Duration.ofMillis(100);

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final Map<String, String> source = new ConcurrentHashMap<>(Map.of("lamp", "10"));
  private final AtomicInteger loads = new AtomicInteger();
  private final RedisServerProcess server = closing(RedisServerProcess.start());
  private final TcpProxy network = closing(TcpProxy.to("127.0.0.1", server.port()));

  private <T extends AutoCloseable> T closing(T something) {
    toClose.push(something);
    return something;
  }

  @AfterEach
  void close() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private TieredCache<String, String> node(
      int port, UnaryOperator<TieredCacheBuilder<String, String>> options) {
    Redis redis = closing(Redis.connect("redis://127.0.0.1:" + port));
    TieredCacheBuilder<String, String> builder =
        TieredCache.builder("prices", Codec.text())
            .loader(key -> {
              loads.incrementAndGet();
              return Optional.ofNullable(source.get(key));
            })
            .tier(redis.keyValues("cache"))
            .leases(redis.leases("cache"))
            .bus(redis.messageBus("cache"));
    TieredCache<String, String> cache = closing(options.apply(builder).build());
    cache.start();
    return cache;
  }

  private TieredCache<String, String> near() {
    return node(server.port(), options -> options);
  }

  private static CacheStats.Tier l2(TieredCache<String, String> cache) {
    return cache.stats().tiers().get(1);
  }

  @Test
  void aSlowTierIsGivenUpAndThenLeftAlone() {
    var far =
        node(
            network.port(),
            options ->
                options
                    .tierTimeout(TIER_TIMEOUT)
                    .leaseTtl(Duration.ofMillis(200))
                    .tierPause(Duration.ofMinutes(1)));
    far.get("warm-up");
    network.delayReplies(Duration.ofMillis(400));
    assertThat(far.get("lamp")).contains("10");
    assertThat(far.get("sofa")).isEmpty();
    assertThat(far.get("bed")).isEmpty();
    await().until(() -> l2(far).timeouts() >= 3);
    long asked = l2(far).timeouts();
    assertThat(far.get("desk")).isEmpty();
    assertThat(l2(far).timeouts()).isEqualTo(asked);
    assertThat(l2(far).skipped()).isPositive();
  }

  @Nested
  class WhenTheServerIsDown {
    @Test
    void eachNodeLoadsOnceAndServesFromMemory() {
      var one = near();
      var other = near();
      server.kill();
      assertThat(one.get("lamp")).contains("10");
      assertThat(one.get("lamp")).contains("10");
      assertThat(other.get("lamp")).contains("10");
      assertThat(loads).hasValue(2);
    }

    @Test
    void aChangeIsRefusedUntilItIsBack() {
      var one = near();
      one.get("lamp");
      server.kill();
      source.put("lamp", "11");
      assertThatExceptionOfType(CacheException.class).isThrownBy(() -> one.invalidate("lamp"));
      assertThat(one.get("lamp")).contains("11"); // not from memory
      server.boot();
      await()
          .ignoreExceptionsInstanceOf(CacheException.class)
          .until(() -> {
            one.invalidate("lamp");
            return true;
          });
      assertThat(near().get("lamp")).contains("11");
    }

    @Test
    void theTierIsUsedAgainWhenItIsBack() {
      var one = node(server.port(), options -> options.tierPause(Duration.ofMillis(50)));
      server.kill();
      assertThat(one.get("lamp")).contains("10");
      server.boot();
      long answered = l2(one).misses();
      AtomicInteger turn = new AtomicInteger();
      await()
          .until(() -> {
            one.get("key" + turn.incrementAndGet());
            return l2(one).misses() > answered;
          });
      source.put("sofa", "20");
      one.get("sofa");
      source.remove("sofa");
      assertThat(near().get("sofa")).contains("20");
    }
  }

  @Test
  void messagesThatACutConnectionMissedDropMemory() {
    var far = node(network.port(), options -> options);
    var here = near();
    assertThat(far.get("lamp")).contains("10");
    network.refuse();
    source.put("lamp", "11");
    here.invalidate("lamp");
    assertThat(far.get("lamp")).contains("10"); // in memory, and nobody could tell
    network.restore();
    await().until(() -> far.get("lamp").equals(Optional.of("11")));
    assertThat(far.stats().drops()).isPositive();
  }

  @Test
  void aMessageReachesTheOtherNode() {
    var one = near();
    var other = near();
    one.get("lamp");
    other.get("lamp");
    source.put("lamp", "11");
    one.invalidate("lamp");
    await().until(() -> other.get("lamp").equals(Optional.of("11")));
    assertThat(other.stats().drops()).isZero();
  }
}
