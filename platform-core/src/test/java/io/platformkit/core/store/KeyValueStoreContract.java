package io.platformkit.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Bounds;
import io.platformkit.core.ContractServer.Feature;
import io.platformkit.core.Needs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What all {@link KeyValueStore}s promise. An adapter's author extends it and says which server it
 * is and how to open a store there:
 *
 * <pre>{@code
 * class RedisKeyValueStoreIT extends KeyValueStoreContract {
 *   @Override protected ContractServer server() { return TestRedis.shared(); }
 *   @Override protected ContractServer newServer() { return TestRedis.durable(); }
 *   @Override protected KeyValueStore open(Way way, KeyValueOptions options) {
 *     return closing(Redis.builder("redis://127.0.0.1:" + way.port()).timeout(way.timeout()).build())
 *         .keyValues(options);
 *   }
 * }
 * }</pre>
 *
 * <p>Random operations are compared with a model; {@code -Dplatform.seed=…} repeats a failing seed.
 */
public abstract class KeyValueStoreContract extends KeyValueStoreUnderFailure {
  private static final Ttl LONG = Ttl.of(Duration.ofHours(1));
  private static final Ttl SHORT = Ttl.of(Duration.ofMillis(150));
  private static final Duration OVER = Duration.ofMillis(200);
  private static final String LONE_SURROGATE = "a\ud800";

  /** For subclasses. */
  protected KeyValueStoreContract() {}

  private KeyValueStore store() {
    return open(way());
  }

  private KeyValueStore scannable() {
    return closing(open(way(), KeyValueOptions.of(namespace()).scanned()));
  }

  private void awaitAbsent(KeyValueStore store, String key) {
    server().pass(OVER);
    Awaitility.await().until(() -> store.get(key).isEmpty());
  }

  @Test
  void anAbsentKeyIsEmpty() {
    KeyValueStore store = store();
    assertThat(store.get("k")).isEmpty();
    assertThat(store.delete("k")).isFalse();
    assertThat(store.deleteIf("k", KeyValueStore.ABSENT))
        .isEqualTo(new Cas.Stored(KeyValueStore.ABSENT));
    assertThat(store.deleteIf("k", 7)).isEqualTo(new Cas.Conflict(Optional.empty()));
  }

  static List<byte[]> values() {
    byte[] all = new byte[256];
    IntStream.range(0, 256).forEach(i -> all[i] = (byte) i);
    byte[] largest = new byte[Bounds.VALUE_BYTES];
    Arrays.fill(largest, (byte) 0xE9);
    return List.of(new byte[0], new byte[1], all, bytes("naïve ☃ 😀"), largest);
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueComesBackAsItWas(byte[] value) {
    KeyValueStore store = store();
    long version = store.put("k", value, Ttl.NEVER);
    assertThat(version).isPositive();
    assertThat(store.get("k")).contains(new Versioned(value, version));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ", "k ", "{a}", "a:b", "*", "%", "_", "\\", "'\"", "\n", "é", "e\u0301", "K", "😀"
      })
  void everyNameIsAKeyOfItsOwn(String key) {
    KeyValueStore store = store();
    store.put("k", bytes("other"), Ttl.NEVER);
    store.put(key, bytes(key), Ttl.NEVER);
    assertThat(text(store.get(key))).isEqualTo(key);
    assertThat(text(store.get("k"))).isEqualTo("other");
    assertThat(store.getAll(List.of(key, "k"))).containsOnlyKeys(key, "k");
    assertThat(store.delete(key)).isTrue();
    assertThat(text(store.get("k"))).isEqualTo("other");
  }

  @Test
  void aNameMayHaveAllItsBytes() {
    KeyValueStore store = store();
    String key = "é".repeat(Bounds.NAME_BYTES / 2);
    store.put(key, bytes("v"), Ttl.NEVER);
    assertThat(text(store.get(key))).isEqualTo("v");
  }

  @Test
  void aPutReplacesValueAndVersion() {
    KeyValueStore store = store();
    long first = store.put("k", bytes("a"), Ttl.NEVER);
    long second = store.put("k", bytes("a"), Ttl.NEVER);
    assertThat(second).isNotEqualTo(first).isPositive();
    assertThat(store.get("k")).contains(new Versioned(bytes("a"), second));
  }

  @Test
  void arraysAreNotShared() {
    KeyValueStore store = store();
    byte[] value = bytes("abc");
    store.put("k", value, Ttl.NEVER);
    value[0] = 'x';
    store.get("k").orElseThrow().value()[1] = 'x';
    store.getAll(List.of("k")).values().iterator().next().value()[2] = 'x';
    assertThat(text(store.get("k"))).isEqualTo("abc");
  }

  @Test
  void manyKeysComeTogether() {
    KeyValueStore store = store();
    store.putAll(Map.of("a", bytes("1"), "b", bytes("2"), "c", new byte[0]), LONG);
    Map<String, Versioned> found = store.getAll(List.of("a", "c", "nowhere", "a"));
    assertThat(found).containsOnlyKeys("a", "c");
    assertThat(found.get("a")).isEqualTo(store.get("a").orElseThrow());
    assertThat(store.getAll(List.of())).isEmpty();
    store.putAll(Map.of(), Ttl.NEVER);
    Set<Long> versions = new HashSet<>();
    store.getAll(List.of("a", "b", "c")).values().forEach(there -> versions.add(there.version()));
    assertThat(versions).hasSize(3);
  }

  @Test
  void aThousandKeysComeTogether() {
    KeyValueStore store = store();
    List<String> keys = IntStream.range(0, 1_000).mapToObj(i -> "key-" + i).toList();
    Map<String, byte[]> entries = new java.util.HashMap<>();
    keys.forEach(key -> entries.put(key, bytes(key)));
    store.putAll(entries, Ttl.NEVER);
    assertThat(store.getAll(keys))
        .hasSize(1_000)
        .allSatisfy((key, there) -> assertThat(there.value()).isEqualTo(bytes(key)));
  }

  @Test
  void aDeletedKeyIsAbsent() {
    KeyValueStore store = store();
    store.put("k", bytes("a"), Ttl.NEVER);
    assertThat(store.delete("k")).isTrue();
    assertThat(store.delete("k")).isFalse();
    assertThat(store.get("k")).isEmpty();
  }

  @Test
  void compareAndSetChangesAKeyOfTheExpectedVersionAlone() {
    KeyValueStore store = store();
    assertThat(store.compareAndSet("k", 5, bytes("a"), Ttl.NEVER))
        .isEqualTo(new Cas.Conflict(Optional.empty()));
    Cas made = store.compareAndSet("k", KeyValueStore.ABSENT, bytes("a"), Ttl.NEVER);
    Versioned first = store.get("k").orElseThrow();
    assertThat(made).isEqualTo(new Cas.Stored(first.version()));
    assertThat(store.compareAndSet("k", KeyValueStore.ABSENT, bytes("b"), Ttl.NEVER))
        .isEqualTo(new Cas.Conflict(Optional.of(first)));
    assertThat(store.compareAndSet("k", first.version() ^ 1, bytes("b"), Ttl.NEVER))
        .isEqualTo(new Cas.Conflict(Optional.of(first)));
    Cas changed = store.compareAndSet("k", first.version(), bytes("b"), Ttl.NEVER);
    Versioned second = store.get("k").orElseThrow();
    assertThat(changed).isEqualTo(new Cas.Stored(second.version()));
    assertThat(second.value()).isEqualTo(bytes("b"));
  }

  @Test
  void deleteIfRemovesAKeyOfTheExpectedVersionAlone() {
    KeyValueStore store = store();
    long version = store.put("k", bytes("a"), Ttl.NEVER);
    Cas refused = new Cas.Conflict(Optional.of(new Versioned(bytes("a"), version)));
    assertThat(store.deleteIf("k", KeyValueStore.ABSENT)).isEqualTo(refused);
    assertThat(store.deleteIf("k", version ^ 1)).isEqualTo(refused);
    assertThat(store.deleteIf("k", version)).isEqualTo(new Cas.Stored(KeyValueStore.ABSENT));
    assertThat(store.get("k")).isEmpty();
  }

  @Test
  void noVersionComesAgain() {
    KeyValueStore store = store();
    Set<Long> versions = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      assertThat(versions.add(store.put("k", bytes("a"), Ttl.NEVER))).isTrue();
      if (i % 2 == 0) {
        store.delete("k");
      }
    }
    long last = store.put("k", bytes("a"), Ttl.NEVER);
    store.delete("k");
    store.put("k", bytes("a"), Ttl.NEVER);
    assertThat(store.compareAndSet("k", last, bytes("b"), Ttl.NEVER))
        .isInstanceOf(Cas.Conflict.class);
  }

  @Test
  void namespacesAreApart() {
    KeyValueStore store = store();
    KeyValueStore other = closing(open(way(), KeyValueOptions.of(namespace() + "2")));
    store.put("k", bytes("a"), Ttl.NEVER);
    assertThat(other.get("k")).isEmpty();
    other.put("k", bytes("b"), Ttl.NEVER);
    assertThat(other.delete("k")).isTrue();
    assertThat(text(store.get("k"))).isEqualTo("a");
  }

  @Test
  void anotherConnectionSeesWhatWasAcknowledged() {
    KeyValueStore store = store();
    KeyValueStore other = store();
    for (int i = 0; i < 20; i++) {
      long version = store.put("k", bytes("v" + i), Ttl.NEVER);
      assertThat(other.get("k")).contains(new Versioned(bytes("v" + i), version));
    }
  }

  @Test
  void whatIsExpiredIsAbsent() {
    KeyValueStore store = scannable();
    store.put("k", bytes("a"), SHORT);
    store.putAll(Map.of("l", bytes("a")), SHORT);
    store.compareAndSet("m", KeyValueStore.ABSENT, bytes("a"), SHORT);
    store.put("n", bytes("a"), LONG);
    List.of("k", "l", "m").forEach(key -> awaitAbsent(store, key));
    assertThat(store.getAll(List.of("k", "l", "m", "n"))).containsOnlyKeys("n");
    assertThat(store.scan("", null, 10).entries()).containsOnlyKeys("n");
    assertThat(store.delete("k")).isFalse();
    assertThat(store.deleteIf("l", 7)).isEqualTo(new Cas.Conflict(Optional.empty()));
    assertThat(store.compareAndSet("m", 7, bytes("b"), LONG))
        .isEqualTo(new Cas.Conflict(Optional.empty()));
    assertThat(store.compareAndSet("m", KeyValueStore.ABSENT, bytes("b"), LONG))
        .isInstanceOf(Cas.Stored.class);
    assertThat(text(store.get("m"))).isEqualTo("b");
  }

  @Test
  void eachWriteSetsTheTimeToLiveAnew() {
    KeyValueStore store = store();
    long k = store.put("k", bytes("a"), SHORT);
    store.compareAndSet("k", k, bytes("b"), Ttl.NEVER);
    store.put("l", bytes("a"), SHORT);
    store.put("l", bytes("b"), LONG);
    store.put("m", bytes("a"), SHORT);
    store.putAll(Map.of("m", bytes("b")), Ttl.NEVER);
    store.put("short", bytes("a"), LONG);
    store.put("short", bytes("a"), SHORT);
    awaitAbsent(store, "short");
    assertThat(List.of("k", "l", "m"))
        .allSatisfy(key -> assertThat(text(store.get(key))).isEqualTo("b"));
  }

  @Needs(Feature.CLOCK)
  void aKeyIsThereUntilItsTimeIsOver() {
    KeyValueStore store = store();
    store.put("k", bytes("a"), Ttl.of(Duration.ofMillis(100)));
    server().pass(Duration.ofMillis(99));
    assertThat(store.get("k")).isPresent();
    server().pass(Duration.ofMillis(1));
    assertThat(store.get("k")).isEmpty();
  }

  @Test
  void aScanIsInTheOrderOfBytes() {
    KeyValueStore store = scannable();
    List<String> ordered = List.of(" ", "A", "a", "a*", "a%", "aa", "b", "z", "é", "\uffee", "😀");
    List<String> sorted = ordered.stream().sorted(Bounds.NAME_ORDER).toList();
    ordered.forEach(key -> store.put(key, bytes(key), Ttl.NEVER));
    Page page = store.scan("", null, 100);
    assertThat(page.entries().sequencedKeySet()).containsExactlyElementsOf(sorted);
    assertThat(page.entries().get("é")).isEqualTo(store.get("é").orElseThrow());
    assertThat(page.next()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a%", "a_", "a*", "a\\", "a[", "😀", "nothing"})
  void aScanFindsWhatBeginsWithThePrefixLiterally(String prefix) {
    KeyValueStore store = scannable();
    List<String> keys =
        List.of("a", "a%1", "a_1", "a*1", "a\\1", "a[1", "ab", "b", "A", "😀1", "😁", "~");
    keys.forEach(key -> store.put(key, bytes(key), Ttl.NEVER));
    assertThat(store.scan(prefix, null, 100).entries().sequencedKeySet())
        .containsExactlyElementsOf(
            keys.stream().filter(key -> key.startsWith(prefix)).sorted(Bounds.NAME_ORDER).toList());
  }

  @Test
  void aScanGoesOnPageByPage() {
    KeyValueStore store = scannable();
    List<String> keys = IntStream.range(0, 25).mapToObj("p/%03d"::formatted).toList();
    keys.forEach(key -> store.put(key, bytes(key), LONG));
    store.put("q", bytes("other"), LONG);
    store.delete("p/004");
    List<String> found = new ArrayList<>();
    Optional<String> after = Optional.empty();
    int pages = 0;
    do {
      Page page = store.scan("p/", after.orElse(null), 10);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(10);
      found.addAll(page.entries().keySet());
      after = page.next();
      pages++;
    } while (after.isPresent() && pages < 20);
    assertThat(found).doesNotHaveDuplicates().isSorted().hasSize(24).doesNotContain("p/004", "q");
  }

  @Test
  void aScanMayGoOnAfterAnyName() {
    KeyValueStore store = scannable();
    List.of("a", "b", "c").forEach(key -> store.put(key, bytes(key), LONG));
    assertThat(store.scan("", "aa", 10).entries().sequencedKeySet()).containsExactly("b", "c");
    assertThat(store.scan("b", "a", 10).entries().sequencedKeySet()).containsExactly("b");
    assertThat(store.scan("b", "x", 10).entries()).isEmpty();
  }

  @Test
  void aScanFindsOnceWhatIsThereAllTheTime() {
    KeyValueStore store = scannable();
    KeyValueStore other = scannable();
    List<String> staying = IntStream.range(0, 60).mapToObj("s%03d"::formatted).toList();
    staying.forEach(key -> store.put(key, bytes(key), LONG));
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger changed = new AtomicInteger();
    CompletableFuture<?> changes =
        async(() -> {
          for (int i = 0; !done.get(); i++) {
            String key = "s%03dx".formatted(i % 60);
            other.put(key, bytes(key), LONG);
            other.delete(key);
            other.put(staying.get(i % 60), bytes("changed"), LONG);
            changed.incrementAndGet();
          }
          return changed;
        });
    for (int round = 0; round < 5 || (changed.get() < 100 && !changes.isDone()); round++) {
      List<String> found = new ArrayList<>();
      for (@Nullable String after = null; found.isEmpty() || after != null; ) {
        Page page = store.scan("s", after, 7);
        found.addAll(page.entries().keySet());
        after = page.next().orElse(null);
      }
      assertThat(found).doesNotHaveDuplicates().containsAll(staying);
    }
    done.set(true);
    get(changes);
    assertThat(changed).hasValueGreaterThanOrEqualTo(100);
  }

  @Test
  void onlyAScannableNamespaceIsScanned() {
    KeyValueStore store = store();
    assertThat(store.capabilities()).isEmpty();
    assertRefused(UnsupportedOperationException.class, () -> store.scan("", null, 1), "scannable");
    KeyValueStore other = closing(open(way(), KeyValueOptions.of(namespace() + "s").scanned()));
    assertThat(other.capabilities()).containsExactly(KeyValueStore.Capability.SCAN);
  }

  @Test
  void oneOfManyMakesAKey() {
    List<KeyValueStore> stores = List.of(store(), store());
    for (int round = 0; round < 10; round++) {
      String key = "k" + round;
      List<Cas> outcomes =
          race(
              8,
              i ->
                  stores
                      .get(i % 2)
                      .compareAndSet(key, KeyValueStore.ABSENT, bytes("by " + i), LONG));
      Versioned there = stores.getFirst().get(key).orElseThrow();
      assertThat(outcomes).containsOnlyOnce(new Cas.Stored(there.version()));
      assertThat(outcomes.stream().filter(Cas.Conflict.class::isInstance))
          .hasSize(7)
          .containsOnly(new Cas.Conflict(Optional.of(there)));
    }
  }

  @Test
  void noIncrementIsLost() {
    List<KeyValueStore> stores = List.of(store(), store());
    race(
        6,
        i -> {
          IntStream.range(0, 15).forEach(round -> increment(stores.get(i % 2)));
          return i;
        });
    assertThat(text(stores.getFirst().get("n"))).isEqualTo("90");
  }

  private static void increment(KeyValueStore store) {
    Cas outcome;
    do {
      Optional<Versioned> now = store.get("n");
      int count = now.map(there -> Integer.parseInt(text(now))).orElse(0);
      outcome =
          store.compareAndSet(
              "n",
              now.map(Versioned::version).orElse(KeyValueStore.ABSENT),
              bytes(Integer.toString(count + 1)),
              Ttl.NEVER);
    } while (outcome instanceof Cas.Conflict);
  }

  @Test
  void oneOfManyDeletesAKey() {
    List<KeyValueStore> stores = List.of(store(), store());
    long version = stores.getFirst().put("k", bytes("a"), Ttl.NEVER);
    List<Cas> outcomes = race(8, i -> stores.get(i % 2).deleteIf("k", version));
    assertThat(outcomes).containsOnlyOnce(new Cas.Stored(KeyValueStore.ABSENT));
    stores.getFirst().put("k", bytes("a"), Ttl.NEVER);
    assertThat(race(8, i -> stores.get(i % 2).delete("k"))).containsOnlyOnce(true);
  }

  static Stream<String> wrongNames() {
    return Stream.of("", "a\0b", LONE_SURROGATE, "x".repeat(513), "é".repeat(257));
  }

  @ParameterizedTest
  @MethodSource("wrongNames")
  void aWrongKeyIsRefused(String key) {
    KeyValueStore store = scannable();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    byte[] value = bytes("v");
    assertRefused(refused, () -> store.get(key), "key ", "must");
    assertRefused(refused, () -> store.getAll(List.of("a", key)), "key ", "must");
    assertRefused(refused, () -> store.put(key, value, LONG), "key ", "must");
    assertRefused(
        refused, () -> store.putAll(Map.of("a", value, key, value), LONG), "key ", "must");
    assertRefused(refused, () -> store.compareAndSet(key, 0, value, LONG), "key ", "must");
    assertRefused(refused, () -> store.delete(key), "key ", "must");
    assertRefused(refused, () -> store.deleteIf(key, 0), "key ", "must");
    assertRefused(refused, () -> store.scan("", key, 10), "after ", "must");
    assertThat(store.get("a")).isEmpty();
  }

  @Test
  void aWrongScanIsRefused() {
    KeyValueStore store = scannable();
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertRefused(refused, () -> store.scan("a\0", null, 10), "prefix ", "NUL");
    assertRefused(refused, () -> store.scan(LONE_SURROGATE, null, 10), "prefix ", "Unicode");
    assertRefused(refused, () -> store.scan("x".repeat(513), null, 10), "prefix ", "512");
    assertRefused(refused, () -> store.scan("", null, 0), "limit was '0'", "1 to 1000");
    assertRefused(refused, () -> store.scan("", null, 1001), "limit was '1001'", "1 to 1000");
  }

  @Test
  void aValueThatIsTooLargeIsRefused() {
    KeyValueStore store = store();
    byte[] large = new byte[Bounds.VALUE_BYTES + 1];
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    String[] words = {"value of key 'k'", "1048577", "1048576"};
    assertRefused(refused, () -> store.put("k", large, LONG), words);
    assertRefused(refused, () -> store.putAll(Map.of("k", large), LONG), words);
    assertRefused(refused, () -> store.compareAndSet("k", 0, large, LONG), words);
    assertThat(store.get("k")).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void nullIsRefused() {
    KeyValueStore store = scannable();
    Class<NullPointerException> refused = NullPointerException.class;
    byte[] value = bytes("v");
    assertRefused(refused, () -> store.get(null), "key");
    assertRefused(refused, () -> store.put(null, value, LONG), "key");
    assertRefused(refused, () -> store.put("k", null, LONG), "value");
    assertRefused(refused, () -> store.put("k", value, null), "ttl");
    assertRefused(refused, () -> store.compareAndSet("k", 0, null, LONG), "value");
    assertRefused(refused, () -> store.compareAndSet("k", 0, value, null), "ttl");
    assertRefused(refused, () -> store.delete(null), "key");
    assertRefused(refused, () -> store.deleteIf(null, 0), "key");
    assertRefused(refused, () -> store.scan(null, null, 1), "prefix");
  }

  @Test
  void aClosedStoreRefusesEveryCall() {
    KeyValueStore store = scannable();
    store.close();
    store.close();
    Class<IllegalStateException> refused = IllegalStateException.class;
    byte[] value = bytes("v");
    assertRefused(refused, () -> store.get("k"), "closed");
    assertRefused(refused, () -> store.getAll(List.of("k")), "closed");
    assertRefused(refused, () -> store.put("k", value, LONG), "closed");
    assertRefused(refused, () -> store.putAll(Map.of("k", value), LONG), "closed");
    assertRefused(refused, () -> store.compareAndSet("k", 0, value, LONG), "closed");
    assertRefused(refused, () -> store.delete("k"), "closed");
    assertRefused(refused, () -> store.deleteIf("k", 0), "closed");
    assertRefused(refused, () -> store.scan("", null, 1), "closed");
  }

  static LongStream tenSeeds() {
    return seeds(10);
  }

  @ParameterizedTest
  @MethodSource("tenSeeds")
  void randomOperationsAgreeWithAModel(long seed) {
    new RandomKeyValues(seed, List.of(scannable(), scannable())).run(60);
  }
}
