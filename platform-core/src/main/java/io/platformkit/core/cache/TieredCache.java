package io.platformkit.core.cache;

import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values by key, looked for in this process' memory, then in any number of stores, then asked of a
 * loader. Safe for concurrent use; a hit in memory takes no lock and makes no object, and
 * everything else blocks: bring a virtual thread.
 *
 * <p><b>One load a key.</b> However many ask at once, one load runs and all wait for it; it has a
 * thread of its own, so that a caller may be interrupted and the load goes on for the others. With
 * {@link TieredCacheBuilder#leases leases} there is one on all nodes, as long as a tier is up: its
 * holder writes the value before it gives the lease back, and the others read the tier again. When
 * no tier answers there is one load a node; when a lease is lost, as after a pause longer than it,
 * there may be two. Loads of several keys by a bulk loader take no leases.
 *
 * <p><b>What another has changed.</b> {@link #invalidate} removes a key from the tiers, deepest
 * first, then from this memory, then tells the other nodes. A load that had begun before stores
 * nothing, in memory or in a tier, wherever it runs. What remains possible:
 *
 * <ul>
 *   <li>Another node answers with the old value until the message has come: milliseconds. If it is
 *       lost without a notice, until its value has been in memory for {@code memoryTtl}; with a
 *       notice it drops all that it has.
 *   <li>Whoever had asked before may get the old value.
 *   <li>If a tier can't be reached, {@code invalidate} throws, and that tier has the old value
 *       until its time is over or the call is repeated.
 *   <li>A loader that reads a replica brings back what the replica has.
 * </ul>
 *
 * <p><b>Tiers that fail.</b> Each call of a tier ends after {@code tierTimeout}; then the next one
 * is asked. After three failures in a row a tier is left alone for {@code tierPause} at a time.
 * Bytes that can't be decoded count as missing and are written over.
 *
 * <p>Does not close what it was given.
 */
public final class TieredCache<K, V> implements AutoCloseable {
  /** Most keys of one call. */
  public static final int MAX_KEYS = 10_000;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Lifecycle lifecycle;
  private final CacheSettings settings;
  private final KeyCodec<K> keys;
  private final Supplier<Near<K, V>> memory;
  private final Timers timers;
  private final AutoCloseable ownTimers;
  private final Duration sweepPeriod;
  private final Counters counters;
  private final LongAdder hits;
  private final Loads<K, V> loads;
  private final Lookup<K, V> lookup;
  private final @Nullable Announcements announcements;
  private final CacheMetrics metrics;
  private final ReentrantLock swapping = new ReentrantLock(); // guards changes of near
  private volatile @Nullable Near<K, V> near;
  private Timers.@Nullable Timer sweep;

  TieredCache(TieredCacheBuilder<K, V> options) {
    lifecycle = new Lifecycle("cache '%s'".formatted(options.name));
    keys = options.keys;
    memory = options::newMemory;
    SystemTimers own = options.timers == null ? SystemTimers.create(options.errors) : null;
    timers = options.timers == null ? Objects.requireNonNull(own) : options.timers;
    ownTimers = own == null ? () -> {} : own;
    settings = options.settings();
    sweepPeriod = options.sweepPeriod();
    Tiers<V> tiers = options.newTiers(timers, settings);
    counters = tiers.counters();
    hits = counters.memory.hits;
    loads = new Loads<>(options, tiers, timers, settings);
    lookup = new Lookup<>(loads);
    announcements =
        options.bus == null
            ? null
            : new Announcements(options.bus, options.name, timers, this::changed, this::dropAll);
    metrics = new CacheMetrics(options.registry, options.name);
  }

  /**
   * Collects the options.
   *
   * @param name of the cache, the same on all nodes that share it: a name in tiers, messages and
   *     meters
   */
  public static <K, V> TieredCacheBuilder<K, V> builder(
      String name, KeyCodec<K> keys, Codec<V> values) {
    return new TieredCacheBuilder<>(name, keys, values);
  }

  /** Collects the options of a cache whose keys are names. */
  public static <V> TieredCacheBuilder<String, V> builder(String name, Codec<V> values) {
    return builder(name, KeyCodec.text(), values);
  }

  /**
   * Opens it, once. If the bus can't be listened to, that is logged and tried again each second;
   * until then messages are lost.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    lifecycle.start(() -> {
      if (announcements != null) {
        announcements.open();
      }
      sweep = timers.every("cache-sweep", sweepPeriod, this::sweep);
      metrics.open(counters, this::size);
      near = memory.get();
    });
  }

  /**
   * The value of a key, or empty if it has none.
   *
   * @throws LoadFailedException if it had to be loaded and the loader threw
   * @throws LoadTimeoutException if that took longer than {@code loadTimeout}
   * @throws CacheException if this thread was interrupted while it waited; its flag is kept
   * @throws IllegalStateException if the cache is not started or is closed
   */
  public Optional<V> get(K key) {
    Near<K, V> open = near;
    if (open == null) {
      throw notOpen();
    }
    Kept<V> kept = open.find(key);
    if (kept != null && timers.nanoTime() - kept.dueAt() < 0) {
      hits.increment();
      return kept.value();
    }
    return lookup.find(open, key, kept);
  }

  /**
   * The values of those keys that have one, in the order of the keys: those that are not in memory
   * by one call of each tier, and the rest by one of the bulk loader; without it, each is loaded as
   * {@link #get} does.
   *
   * @param wanted {@value #MAX_KEYS} at most
   * @throws CacheException as {@link #get}, if any of them fails; the others are cached
   */
  public Map<K, V> getAll(Collection<K> wanted) {
    Bounds.requireCount("keys", wanted.size(), 0, MAX_KEYS);
    return lookup.findAll(open(), new LinkedHashSet<>(wanted));
  }

  /**
   * Sets a key in all tiers, then in memory, and has the other nodes forget what they have.
   *
   * @throws CacheException if a tier or the bus could not be told. Memory has forgotten the key
   *     then; what the others have is unknown until {@code memoryTtl} or {@code ttl} are over
   */
  public void put(K key, V value) {
    Near<K, V> open = open();
    String name = loads.name(key);
    Stored<V> born = loads.tiers.lifetimes().born(Optional.of(value));
    byte[] bytes = loads.tiers.frames().encode(born);
    Ttl ttl = loads.tiers.lifetimes().inTier(born);
    Load<V> load = new Load<>();
    open.replace(key, load);
    try {
      change(
          tier -> tier.require(store -> store.put(name, bytes, ttl)),
          () -> keepOrDrop(open, key, load, born),
          () -> drop(key),
          List.of(keys.name(key)));
    } finally {
      open.end(key, load);
      load.complete(born.value());
    }
  }

  /** If another change of this key came between, nobody here knows which one the tiers have. */
  private void keepOrDrop(Near<K, V> open, K key, Load<V> load, Stored<V> born) {
    if (open.equals(near) && open.isCurrent(key, load)) {
      open.keep(key, load, loads.tiers.lifetimes().kept(born));
    } else {
      drop(key);
    }
  }

  /** In the memory of now: loads in one that came later began later. */
  private void drop(K key) {
    Near<K, V> open = near;
    if (open != null) {
      open.drop(key);
    }
  }

  /**
   * Forgets a key, here and on all nodes: the next call loads it. To be called after the value has
   * changed where the loader finds it.
   *
   * @throws CacheException if a tier or the bus could not be told; repeat the call then
   */
  public void invalidate(K key) {
    invalidateAll(List.of(key));
  }

  /**
   * As {@link #invalidate}, for several keys.
   *
   * @param some {@value #MAX_KEYS} at most
   */
  public void invalidateAll(Collection<K> some) {
    Bounds.requireCount("keys", some.size(), 0, MAX_KEYS);
    if (some.isEmpty()) {
      return;
    }
    open();
    List<String> names = some.stream().map(loads::name).toList();
    Runnable drop = () -> some.forEach(this::drop);
    change(
        tier -> Lanes.forEach(names, name -> tier.require(store -> store.delete(name))),
        drop,
        drop,
        some.stream().map(keys::name).toList());
    counters.invalidations.add(some.size());
  }

  /**
   * Forgets all keys, here and on all nodes.
   *
   * @throws UnsupportedOperationException if a tier was not opened as scannable; nothing is done
   * @throws CacheException as {@link #invalidate}
   */
  public void invalidateAll() {
    open();
    requireScannable();
    change(this::deleteAll, this::dropAll, this::dropAll, List.of());
    counters.invalidations.increment();
  }

  private void requireScannable() {
    for (Tier tier : loads.tiers.all()) {
      if (!tier.isScannable()) {
        throw new UnsupportedOperationException(
            "%s of cache '%s' can't be scanned; open its namespace as scannable"
                .formatted(tier.counters.tier, settings.name()));
      }
    }
  }

  private void deleteAll(Tier tier) {
    String prefix = settings.name() + ':';
    Optional<String> after = Optional.empty();
    do {
      String last = after.orElse(null);
      Page page = tier.require(store -> store.scan(prefix, last, KeyValueStore.MAX_PAGE));
      Lanes.forEach(
          List.copyOf(page.entries().keySet()), name -> tier.require(store -> store.delete(name)));
      after = page.next();
    } while (after.isPresent());
  }

  /**
   * Changes the tiers, deepest first, then memory, then tells the others: a reader that finds
   * nothing in one tier has reserved its place there before it asks the next.
   */
  private void change(Consumer<Tier> inTier, Runnable here, Runnable failed, List<String> names) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Tier tier : loads.tiers.all().reversed()) {
      attempt(() -> inTier.accept(tier), failures);
    }
    (failures.isEmpty() ? here : failed).run();
    if (announcements != null) {
      attempt(() -> announcements.publish(names), failures);
    }
    if (!failures.isEmpty()) {
      CacheException failure =
          new CacheException(
              settings.name(),
              "cache '%s' could not tell all of a change".formatted(settings.name()),
              failures.getFirst());
      failures.stream().skip(1).forEach(failure::addSuppressed);
      throw failure;
    }
  }

  private static void attempt(Runnable part, List<RuntimeException> failures) {
    try {
      part.run();
    } catch (RuntimeException failure) {
      failures.add(failure);
    }
  }

  /** What this cache has done. */
  public CacheStats stats() {
    return counters.stats(settings.name(), size());
  }

  private long size() {
    Near<K, V> open = near;
    return open == null ? 0 : open.size();
  }

  private void sweep() {
    Near<K, V> open = near;
    if (open != null) {
      open.sweep(timers.nanoTime());
    }
  }

  private void changed(List<String> names) {
    Near<K, V> open = near;
    if (open != null) {
      try {
        names.stream().map(keys::key).forEach(open::drop);
      } catch (RuntimeException unreadable) {
        dropAll();
        throw unreadable; // to the bus' error handler
      }
    }
  }

  private void dropAll() {
    swapping.lock();
    try {
      if (near != null) {
        near = memory.get();
        counters.drops.increment();
      }
    } finally {
      swapping.unlock();
    }
  }

  private Near<K, V> open() {
    Near<K, V> open = near;
    if (open == null) {
      throw notOpen();
    }
    return open;
  }

  private IllegalStateException notOpen() {
    lifecycle.requireOpen();
    return new IllegalStateException("cache '%s' is not started".formatted(settings.name()));
  }

  /** Fails the loads that are under way, and forgets everything here; tiers keep what they have. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      swapping.lock();
      try {
        near = null;
      } finally {
        swapping.unlock();
      }
      CloseOrder.within(CLOSE_LIMIT)
          .then("messages", () -> closeAnnouncements())
          .then("loads", loads::close)
          .then("sweep", () -> cancelSweep())
          .then("meters", metrics)
          .then("timers", ownTimers)
          .run();
    });
  }

  private void closeAnnouncements() {
    if (announcements != null) {
      announcements.close();
    }
  }

  private void cancelSweep() {
    if (sweep != null) {
      sweep.cancel();
    }
  }
}
