package io.platformkit.core.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.platformkit.core.lease.Leases;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two nodes, each a cache with connections of its own, on one real store. */
@Timeout(60)
public abstract class SharedTierProofs {
  /** Of each node. */
  private static final int CALLERS = 500;

  private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

  private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
  private final KeyValueOptions namespace = KeyValueOptions.of("c" + UUID.randomUUID()).scanned();
  private final Source source = new Source();

  /** For subclasses. */
  protected SharedTierProofs() {}

  /** What one node has. */
  public record Node(KeyValueStore store, Leases leases) {}

  /** A node with connections of its own, to the same server. */
  protected abstract Node newNode(KeyValueOptions namespace);

  /** Closed after the test, last first. */
  protected <T extends AutoCloseable> T closing(T something) {
    toClose.push(something);
    return something;
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!toClose.isEmpty()) {
      toClose.pop().close();
    }
  }

  private TieredCache<String, String> cache(
      UnaryOperator<TieredCacheBuilder<String, String>> options) {
    Node node = newNode(namespace);
    var cache =
        closing(
            options
                .apply(
                    TieredCache.builder("proof", Codec.text())
                        .loader(source::load)
                        .tier(node.store)
                        .tierTimeout(Duration.ofSeconds(20))
                        .loadTimeout(Duration.ofSeconds(40)))
                .leases(node.leases)
                .build());
    cache.start();
    return cache;
  }

  private List<CompletableFuture<Optional<String>>> stampede(
      List<TieredCache<String, String>> nodes) {
    CountDownLatch start = new CountDownLatch(1);
    List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      for (TieredCache<String, String> node : nodes) {
        answers.add(
            CompletableFuture.supplyAsync(
                () -> {
                  pass(start);
                  return node.get("lamp");
                },
                VIRTUAL));
      }
    }
    start.countDown();
    return answers;
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aThousandCallersOnTwoNodesMakeOneLoad() throws Exception {
    source.values.put("lamp", "10");
    Source.Hold hold = source.hold();
    var nodes = List.of(cache(options -> options), cache(options -> options));
    var answers = stampede(nodes);
    hold.awaitRead();
    await().until(() -> misses(nodes) == 2 * CALLERS);
    hold.goOn();
    for (var answer : answers) {
      assertThat(answer.get()).contains("10");
    }
    assertThat(source.loads()).isEqualTo(1);
  }

  private static long misses(List<TieredCache<String, String>> nodes) {
    return nodes.stream().mapToLong(node -> node.stats().tiers().getFirst().misses()).sum();
  }

  @Test
  void aThousandCallersForAKeyWithoutAValueMakeOneLoad() throws Exception {
    Source.Hold hold = source.hold();
    var nodes = List.of(cache(options -> options), cache(options -> options));
    var answers = stampede(nodes);
    hold.awaitRead();
    await().until(() -> misses(nodes) == 2 * CALLERS);
    hold.goOn();
    for (var answer : answers) {
      assertThat(answer.get()).isEmpty();
    }
    assertThat(source.loads()).isEqualTo(1);
  }

  @Test
  void aLoaderThatThrowsFailsForItsOwnNodeAndTheOtherLoads() throws Exception {
    source.failure = new IllegalArgumentException("no");
    Source.Hold hold = source.hold();
    var first = cache(options -> options);
    var second = cache(options -> options);
    var failing = CompletableFuture.supplyAsync(() -> first.get("lamp"), VIRTUAL);
    hold.awaitRead();
    var waiting = CompletableFuture.supplyAsync(() -> second.get("lamp"), VIRTUAL);
    await().until(() -> second.stats().tiers().get(1).misses() == 1);
    hold.goOn();
    assertThat(failing)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(LoadFailedException.class);
    assertThat(waiting).failsWithin(Duration.ofSeconds(20));
    assertThat(source.loads()).isEqualTo(2);
    source.failure = null;
    source.values.put("lamp", "10");
    assertThat(first.get("lamp")).contains("10");
    assertThat(second.get("lamp")).contains("10");
    assertThat(source.loads()).isEqualTo(3);
  }

  @Test
  void anInvalidationElsewhereDuringALoadLeavesNothingOldInTheTier() throws Exception {
    var loading = cache(options -> options);
    var changing = cache(options -> options);
    source.values.put("lamp", "old");
    Source.Hold hold = source.hold();
    var load = CompletableFuture.supplyAsync(() -> loading.get("lamp"), VIRTUAL);
    hold.awaitRead();
    source.values.put("lamp", "new");
    changing.invalidate("lamp");
    hold.goOn();
    assertThat(load.get()).contains("old");
    assertThat(changing.get("lamp")).contains("new");
    assertThat(loading.get("lamp")).contains("new");
  }

  @Test
  void manyKeysAreReadAndLoadedTogether() {
    var loading = cache(options -> options.bulkLoader(source::loadAll));
    var reading = cache(options -> options.bulkLoader(source::loadAll));
    List<String> keys = IntStream.range(0, 200).mapToObj(i -> "key" + i).toList();
    keys.forEach(key -> source.values.put(key, "value of " + key));
    assertThat(loading.getAll(keys)).isEqualTo(source.values);
    assertThat(reading.getAll(keys)).isEqualTo(source.values);
    assertThat(source.asked).containsExactly(Set.copyOf(keys));
    reading.invalidateAll();
    source.values.replaceAll((key, value) -> "new " + value);
    assertThat(reading.getAll(keys)).isEqualTo(source.values);
  }

  @Test
  void bytesThatAreNoValueAreWrittenOver() {
    newNode(namespace).store.put("proof:lamp", new byte[] {0x11, 1}, Ttl.NEVER);
    source.values.put("lamp", "10");
    var first = cache(options -> options);
    assertThat(first.get("lamp")).contains("10");
    assertThat(first.stats().tiers().get(1).unreadable()).isPositive();
    assertThat(cache(options -> options).get("lamp")).contains("10");
    assertThat(source.loads()).isEqualTo(1);
  }

  @Test
  void aValueThatWasPutIsFoundByTheOther() {
    var writing = cache(options -> options);
    writing.put("lamp", "10");
    assertThat(cache(options -> options).getAll(List.of("lamp"))).isEqualTo(Map.of("lamp", "10"));
    assertThat(source.loads()).isZero();
  }

  @Test
  void aNodeThatClosesInMidLoadLeavesItToTheOthers() throws Exception {
    var leaving = cache(options -> options);
    Source.Hold hold = source.hold();
    var waiting = CompletableFuture.supplyAsync(() -> leaving.get("lamp"), VIRTUAL);
    hold.awaitRead();
    leaving.close();
    hold.awaitInterrupted();
    assertThat(waiting).failsWithin(Duration.ofSeconds(20));
    source.values.put("lamp", "10");
    assertThat(cache(options -> options).get("lamp")).contains("10"); // the lease was given back
    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> leaving.get("lamp"));
  }
}
