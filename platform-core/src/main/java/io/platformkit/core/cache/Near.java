package io.platformkit.core.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What this node has of the keys: values in memory, and the loads under way.
 *
 * <p>A load's value is kept only while the load is the one that is registered for its key. Whatever
 * changes a key removes the load first and the value then; both run under the map's lock of that
 * key, so that no load which began before the change is kept after it. To drop everything, the
 * cache takes a new object: loads that began before keep their values in the old one.
 *
 * <p>Time is not Caffeine's here: a hit reads the clock once, and what it finds tells what is due.
 */
final class Near<K, V> {
  private final Cache<K, Kept<V>> entries;
  private final ConcurrentMap<K, Kept<V>> map;
  private final ConcurrentMap<K, Load<V>> loads = new ConcurrentHashMap<>();

  private Near(Cache<K, Kept<V>> entries) {
    this.entries = entries;
    this.map = entries.asMap();
  }

  static <K, V> Near<K, V> ofEntries(long most) {
    return new Near<>(Caffeine.newBuilder().maximumSize(most).build());
  }

  /** Weighs values that are there; one that is not weighs 1. */
  static <K, V> Near<K, V> ofWeight(long most, ToIntBiFunction<? super K, ? super V> weight) {
    return new Near<>(
        Caffeine.newBuilder()
            .maximumWeight(most)
            .weigher((K key, Kept<V> kept) ->
                kept.value().map(value -> weight.applyAsInt(key, value)).orElse(1))
            .build());
  }

  @Nullable Kept<V> find(K key) {
    return entries.getIfPresent(key);
  }

  /** Registers a load unless there is one; that one. */
  @Nullable Load<V> begin(K key, Load<V> load) {
    return loads.putIfAbsent(key, load);
  }

  /** Registers a load in place of whichever there is. */
  void replace(K key, Load<V> load) {
    loads.put(key, load);
  }

  boolean isCurrent(K key, Load<V> load) {
    return load.equals(loads.get(key));
  }

  void keep(K key, Load<V> load, Kept<V> kept) {
    map.compute(key, (same, old) -> isCurrent(same, load) ? kept : old);
  }

  void end(K key, Load<V> load) {
    loads.remove(key, load);
  }

  /** Forgets the value, and keeps that of a load under way from being kept. */
  void drop(K key) {
    loads.remove(key);
    map.remove(key);
  }

  /** Removes what is of no use any more. */
  void sweep(long now) {
    map.forEach((key, kept) -> {
      if (kept.isOver(now)) {
        map.remove(key, kept);
      }
    });
  }

  long size() {
    return entries.estimatedSize();
  }
}
