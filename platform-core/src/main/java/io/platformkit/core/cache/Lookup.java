package io.platformkit.core.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happens when memory has no value for a key, or one whose time is due. */
final class Lookup<K, V> {
  private final Loads<K, V> loads;
  private final TierCounters memory;

  Lookup(Loads<K, V> loads) {
    this.loads = loads;
    this.memory = loads.tiers.counters().memory;
  }

  Optional<V> find(Near<K, V> near, K key, @Nullable Kept<V> kept) {
    long now = loads.timers.nanoTime();
    if (kept != null && kept.isFresh(now)) {
      hit(near, key, kept, now);
      return kept.value();
    }
    String name = loads.name(key);
    memory.misses.increment();
    Load<V> load = new Load<>();
    Load<V> earlier = near.begin(key, load);
    if (earlier != null) {
      return earlier.await(loads.settings);
    }
    OneLoad<K, V> one = new OneLoad<>(loads, near, key, name, load, kept);
    if (!endedMeanwhile(near, one)) {
      one.readHere();
    }
    return load.await(loads.settings);
  }

  /** Counts a hit, and begins a refresh if it is time for one. */
  void hit(Near<K, V> near, K key, Kept<V> kept, long now) {
    memory.hits.increment();
    if (now - kept.dueAt() >= 0) {
      refresh(near, key, kept);
    }
  }

  private void refresh(Near<K, V> near, K key, Kept<V> kept) {
    Load<V> load = new Load<>();
    if (near.begin(key, load) == null) {
      new OneLoad<>(loads, near, key, loads.name(key), load, kept).startRefresh();
    }
  }

  /** Another load may have ended after this caller had looked, and before it registered its own. */
  boolean endedMeanwhile(Near<K, V> near, OneLoad<K, V> one) {
    Kept<V> kept = near.find(one.key());
    if (kept == null || !kept.isFresh(loads.timers.nanoTime())) {
      return false;
    }
    one.found(kept);
    return true;
  }

  /** All that have a value. */
  Map<K, V> findAll(Near<K, V> near, Set<K> wanted) {
    Map<K, Load<V>> awaited = new HashMap<>();
    Map<K, Optional<V>> known = new HashMap<>();
    List<OneLoad<K, V>> begun = new ArrayList<>();
    wanted.forEach(loads::name); // all names are right, or nothing begins
    long now = loads.timers.nanoTime();
    for (K key : wanted) {
      Kept<V> kept = near.find(key);
      if (kept != null && kept.isFresh(now)) {
        hit(near, key, kept, now);
        known.put(key, kept.value());
      } else {
        awaited.put(key, begin(near, key, kept, begun));
      }
    }
    if (!begun.isEmpty()) {
      new BulkLoad<>(loads, begun).readHere();
    }
    awaited.forEach((key, load) -> known.put(key, load.await(loads.settings)));
    Map<K, V> found = new LinkedHashMap<>();
    wanted.forEach(
        key -> known.getOrDefault(key, Optional.empty()).ifPresent(value -> found.put(key, value)));
    return found;
  }

  private Load<V> begin(Near<K, V> near, K key, @Nullable Kept<V> kept, List<OneLoad<K, V>> begun) {
    memory.misses.increment();
    Load<V> load = new Load<>();
    Load<V> earlier = near.begin(key, load);
    if (earlier != null) {
      return earlier;
    }
    OneLoad<K, V> one = new OneLoad<>(loads, near, key, loads.name(key), load, kept);
    if (!endedMeanwhile(near, one)) {
      begun.add(one);
    }
    return load;
  }
}
