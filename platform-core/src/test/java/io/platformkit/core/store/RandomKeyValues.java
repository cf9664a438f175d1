package io.platformkit.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Bounds;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Does the same to stores and to a map, chosen by a seed, and compares what they say. */
final class RandomKeyValues {
  private static final List<String> KEYS =
      List.of("a", "a/", "a/b", "a/b/c", "A", "b", "é", "\uffee", "😀", "z z");

  private final long seed;
  private final Random random;
  private final List<KeyValueStore> stores;
  private final TreeMap<String, Versioned> model = new TreeMap<>(Bounds.NAME_ORDER);
  private final Set<Long> versions = new HashSet<>();

  RandomKeyValues(long seed, List<KeyValueStore> stores) {
    this.seed = seed;
    this.random = new Random(seed);
    this.stores = stores;
  }

  void run(int operations) {
    for (int i = 0; i < operations; i++) {
      String where = "operation %d of seed %d".formatted(i, seed);
      KeyValueStore store = stores.get(random.nextInt(stores.size()));
      switch (random.nextInt(8)) {
        case 0, 1 -> put(where, store);
        case 2 -> putAll(where, store);
        case 3, 4 -> compareAndSet(where, store);
        case 5 -> delete(where, store);
        case 6 -> deleteIf(where, store);
        default -> read(where, store);
      }
    }
    read("the end of seed " + seed, stores.getFirst());
  }

  private String key() {
    return KEYS.get(random.nextInt(KEYS.size()));
  }

  private byte[] value() {
    byte[] value = new byte[random.nextInt(40)];
    random.nextBytes(value);
    return value;
  }

  private Ttl ttl() {
    return random.nextBoolean() ? Ttl.NEVER : Ttl.of(Duration.ofHours(1 + random.nextInt(50)));
  }

  /** Right more often than not. */
  private long expected(String key) {
    Versioned current = model.get(key);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong(1, Long.MAX_VALUE);
      case 1 -> KeyValueStore.ABSENT;
      default -> current == null ? KeyValueStore.ABSENT : current.version();
    };
  }

  private void stored(String where, String key, byte[] value, long version) {
    assertThat(versions.add(version)).as(where).isTrue();
    model.put(key, new Versioned(value, version));
  }

  private void put(String where, KeyValueStore store) {
    String key = key();
    byte[] value = value();
    stored(where, key, value, store.put(key, value, ttl()));
  }

  private void putAll(String where, KeyValueStore store) {
    Map<String, byte[]> entries = new TreeMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      entries.put(key(), value());
    }
    store.putAll(entries, ttl());
    Map<String, Versioned> found = store.getAll(entries.keySet());
    assertThat(found).as(where).containsOnlyKeys(entries.keySet());
    found.forEach((key, there) -> {
      assertThat(there.value()).as(where).isEqualTo(entries.get(key));
      stored(where, key, there.value(), there.version());
    });
  }

  private Optional<Versioned> current(String key) {
    return Optional.ofNullable(model.get(key));
  }

  private boolean matches(String key, long expected) {
    return current(key).map(Versioned::version).orElse(KeyValueStore.ABSENT) == expected;
  }

  private void compareAndSet(String where, KeyValueStore store) {
    String key = key();
    byte[] value = value();
    long expected = expected(key);
    Cas outcome = store.compareAndSet(key, expected, value, ttl());
    if (matches(key, expected) && outcome instanceof Cas.Stored(long version)) {
      stored(where, key, value, version);
    } else {
      assertThat(outcome).as(where).isEqualTo(new Cas.Conflict(current(key)));
    }
  }

  private void delete(String where, KeyValueStore store) {
    String key = key();
    assertThat(store.delete(key)).as(where).isEqualTo(model.remove(key) != null);
  }

  private void deleteIf(String where, KeyValueStore store) {
    String key = key();
    long expected = expected(key);
    boolean matches = matches(key, expected);
    Cas right = matches ? new Cas.Stored(KeyValueStore.ABSENT) : new Cas.Conflict(current(key));
    assertThat(store.deleteIf(key, expected)).as(where).isEqualTo(right);
    if (matches) {
      model.remove(key);
    }
  }

  private void read(String where, KeyValueStore store) {
    String key = key();
    assertThat(store.get(key)).as(where).isEqualTo(current(key));
    assertThat(store.getAll(KEYS)).as(where).isEqualTo(model);
    String prefix = key.substring(0, random.nextInt(key.codePointCount(0, key.length())));
    List<String> found = List.copyOf(store.scan(prefix, null, 100).entries().sequencedKeySet());
    assertThat(found)
        .as(where)
        .isEqualTo(model.keySet().stream().filter(name -> name.startsWith(prefix)).toList());
  }
}
