package io.platformkit.core.cache;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Timers;
import io.platformkit.core.bus.MessageBus;
import io.platformkit.core.lease.Leases;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToIntBiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Options of a {@link TieredCache}. For one thread; each option at most once. */
public final class TieredCacheBuilder<K, V> {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration LONGEST_LIMIT = Duration.ofHours(1);
  private static final int LONGEST_NAME = 64;

  final String name;
  final KeyCodec<K> keys;
  final List<KeyValueStore> stores = new ArrayList<>();
  int maxLoads = 256;
  @Nullable BulkLoader<K, V> bulkLoader;
  @Nullable Leases leases;
  @Nullable MessageBus bus;
  @Nullable Timers timers;
  MeterRegistry registry = new CompositeMeterRegistry();
  ErrorHandler errors = ErrorHandler.logging();

  private final Set<String> given = new HashSet<>();
  private final Codec<V> values;
  private @Nullable Loader<K, V> loader;
  private long maxEntries = 10_000;
  private long maxWeight;
  private @Nullable ToIntBiFunction<? super K, ? super V> weight;
  private Duration ttl = Duration.ofMinutes(10);
  private @Nullable Duration negativeTtl;
  private @Nullable Duration memoryTtl;
  private Duration staleOnError = Duration.ZERO;
  private double refreshAhead = 1;
  private double jitter = 0.1;
  private Duration loadTimeout = Duration.ofSeconds(10);
  private Duration tierTimeout = Duration.ofMillis(250);
  private Duration tierPause = Duration.ofSeconds(1);
  private Duration leaseTtl = Duration.ofSeconds(5);
  private InstantSource clock = InstantSource.system();
  private @Nullable RandomGenerator random;

  TieredCacheBuilder(String name, KeyCodec<K> keys, Codec<V> values) {
    this.name = Objects.requireNonNull(name, "name");
    this.keys = Objects.requireNonNull(keys, "keys");
    this.values = Objects.requireNonNull(values, "values");
  }

  /** Where values come from; without it, a bulk loader is asked for one key at a time. */
  public TieredCacheBuilder<K, V> loader(Loader<K, V> loader) {
    Given.once(given, "loader");
    this.loader = Objects.requireNonNull(loader, "loader");
    return this;
  }

  /** Where several values come from. Default: the loader, for each key. */
  public TieredCacheBuilder<K, V> bulkLoader(BulkLoader<K, V> bulkLoader) {
    Given.once(given, "bulkLoader");
    this.bulkLoader = Objects.requireNonNull(bulkLoader, "bulkLoader");
    return this;
  }

  /**
   * A store behind memory; the first one given is asked first. Its keys begin with the cache's
   * name, so that caches may share one. It should be one for values that may be lost. Default:
   * none.
   */
  public TieredCacheBuilder<K, V> tier(KeyValueStore store) {
    stores.add(Objects.requireNonNull(store, "store"));
    return this;
  }

  /** Most keys in memory. Default: 10,000. */
  public TieredCacheBuilder<K, V> maxEntries(long maxEntries) {
    Given.once(given, "memory");
    this.maxEntries = maxEntries;
    return this;
  }

  /** Most weight of the values in memory, instead of a number of keys. */
  public TieredCacheBuilder<K, V> maxWeight(
      long maxWeight, ToIntBiFunction<? super K, ? super V> weight) {
    Given.once(given, "memory");
    this.maxWeight = maxWeight;
    this.weight = Objects.requireNonNull(weight, "weight");
    return this;
  }

  /** How long a value is one, from 1 ms on. Default: 10 minutes. */
  public TieredCacheBuilder<K, V> ttl(Duration ttl) {
    Given.once(given, "ttl");
    this.ttl = Objects.requireNonNull(ttl, "ttl");
    return this;
  }

  /**
   * How long a key is known to have no value; zero: not at all, and every call for it loads.
   * Default: {@code ttl}, 10 seconds at most.
   */
  public TieredCacheBuilder<K, V> negativeTtl(Duration negativeTtl) {
    Given.once(given, "negativeTtl");
    this.negativeTtl = Objects.requireNonNull(negativeTtl, "negativeTtl");
    return this;
  }

  /**
   * How long a value is in memory before the tiers are asked again: the longest time that a lost
   * message goes unnoticed. Default: {@code ttl}, and with tiers or a bus 1 minute at most.
   */
  public TieredCacheBuilder<K, V> memoryTtl(Duration memoryTtl) {
    Given.once(given, "memoryTtl");
    this.memoryTtl = Objects.requireNonNull(memoryTtl, "memoryTtl");
    return this;
  }

  /**
   * The largest share of a time to live that is taken off by chance, from 0 to 1, so that values
   * loaded together don't end together. Default: 0.1.
   */
  public TieredCacheBuilder<K, V> jitter(double jitter) {
    Given.once(given, "jitter");
    this.jitter = jitter;
    return this;
  }

  /**
   * After which share of the time to live a value that is asked for is loaded again, on a thread of
   * its own, while callers get the old one; more than 0, at most 1. Default: 1, never.
   */
  public TieredCacheBuilder<K, V> refreshAhead(double share) {
    Given.once(given, "refreshAhead");
    this.refreshAhead = share;
    return this;
  }

  /**
   * How long beyond its time a value is given when it can't be loaded; the next load is tried after
   * a second. Default: zero, not at all.
   */
  public TieredCacheBuilder<K, V> staleOnError(Duration staleOnError) {
    Given.once(given, "staleOnError");
    this.staleOnError = Objects.requireNonNull(staleOnError, "staleOnError");
    return this;
  }

  /**
   * How long a load may take, lease and tiers included, and how long it may take to tell a tier of
   * a change; up to an hour. Default: 10 seconds.
   */
  public TieredCacheBuilder<K, V> loadTimeout(Duration loadTimeout) {
    Given.once(given, "loadTimeout");
    this.loadTimeout = Objects.requireNonNull(loadTimeout, "loadTimeout");
    return this;
  }

  /** Most calls of the loaders at once; further loads wait, within their time. Default: 256. */
  public TieredCacheBuilder<K, V> maxLoads(int maxLoads) {
    Given.once(given, "maxLoads");
    this.maxLoads = maxLoads;
    return this;
  }

  /**
   * How long a load waits for one call of a tier, or of the leases, give or take a quarter.
   * Default: 250 ms.
   */
  public TieredCacheBuilder<K, V> tierTimeout(Duration tierTimeout) {
    Given.once(given, "tierTimeout");
    this.tierTimeout = Objects.requireNonNull(tierTimeout, "tierTimeout");
    return this;
  }

  /**
   * How long a tier is left alone after three failures in a row; leases as well. Default: 1 second.
   */
  public TieredCacheBuilder<K, V> tierPause(Duration tierPause) {
    Given.once(given, "tierPause");
    this.tierPause = Objects.requireNonNull(tierPause, "tierPause");
    return this;
  }

  /** One load a key on all nodes; needs a tier that they share. Default: one load a node. */
  public TieredCacheBuilder<K, V> leases(Leases leases) {
    Given.once(given, "leases");
    this.leases = Objects.requireNonNull(leases, "leases");
    return this;
  }

  /**
   * How long a load's lease lasts; renewed meanwhile, so it is how long others wait for a node that
   * has died. Default: 5 seconds.
   */
  public TieredCacheBuilder<K, V> leaseTtl(Duration leaseTtl) {
    Given.once(given, "leaseTtl");
    this.leaseTtl = Objects.requireNonNull(leaseTtl, "leaseTtl");
    return this;
  }

  /** Tells other nodes what has changed. Default: they learn it when {@code memoryTtl} is over. */
  public TieredCacheBuilder<K, V> bus(MessageBus bus) {
    Given.once(given, "bus");
    this.bus = Objects.requireNonNull(bus, "bus");
    return this;
  }

  /** Where {@code platform.core.cache.*} is recorded. Default: nowhere. */
  public TieredCacheBuilder<K, V> meterRegistry(MeterRegistry registry) {
    Given.once(given, "meterRegistry");
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /** The time that nodes share by tiers. Default: the system's clock. */
  public TieredCacheBuilder<K, V> clock(InstantSource clock) {
    Given.once(given, "clock");
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** What times in memory and limits go by; not closed. Default: system timers of its own. */
  public TieredCacheBuilder<K, V> timers(Timers timers) {
    Given.once(given, "timers");
    this.timers = Objects.requireNonNull(timers, "timers");
    return this;
  }

  /** Told of what fails in own timers. Default: it is logged. */
  public TieredCacheBuilder<K, V> errorHandler(ErrorHandler errors) {
    Given.once(given, "errorHandler");
    this.errors = Objects.requireNonNull(errors, "errorHandler");
    return this;
  }

  /** Draws the jitter. Default: a random seed. */
  public TieredCacheBuilder<K, V> random(RandomGenerator random) {
    Given.once(given, "random");
    this.random = Objects.requireNonNull(random, "random");
    return this;
  }

  /**
   * Checks all options; starts nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   */
  public TieredCache<K, V> build() {
    List<String> faults = new ArrayList<>();
    Given.require(
        faults,
        "name",
        name,
        !name.isEmpty() && name.length() <= LONGEST_NAME && name.indexOf('\0') < 0,
        "1 to %d characters without NUL".formatted(LONGEST_NAME));
    Given.require(
        faults, "loader", "none", loader != null || bulkLoader != null, "given, or a bulkLoader");
    Given.require(
        faults, "leases", "given", leases == null || !stores.isEmpty(), "used with a tier");
    Given.require(faults, "maxEntries", maxEntries, maxEntries > 0, "at least 1");
    Given.require(faults, "maxWeight", maxWeight, weight == null || maxWeight > 0, "at least 1");
    Given.require(faults, "maxLoads", maxLoads, maxLoads > 0, "at least 1");
    Given.require(faults, "jitter", jitter, jitter >= 0 && jitter <= 1, "from 0 to 1");
    Given.require(
        faults,
        "refreshAhead",
        refreshAhead,
        refreshAhead > 0 && refreshAhead <= 1,
        "more than 0 and at most 1");
    checkSpans(faults);
    Given.refuse(faults);
    return new TieredCache<>(this);
  }

  private void checkSpans(List<String> faults) {
    Duration shortest = Ttl.SHORTEST;
    Given.requireSpan(faults, "ttl", ttl, shortest, Ttl.LONGEST);
    Given.requireSpan(faults, "negativeTtl", negative(), Duration.ZERO, Ttl.LONGEST);
    Given.requireSpan(faults, "memoryTtl", inMemory(), shortest, Ttl.LONGEST);
    Given.requireSpan(faults, "staleOnError", staleOnError, Duration.ZERO, Ttl.LONGEST);
    Given.requireSpan(faults, "loadTimeout", loadTimeout, shortest, LONGEST_LIMIT);
    Given.requireSpan(faults, "tierTimeout", tierTimeout, shortest, LONGEST_LIMIT);
    Given.requireSpan(faults, "tierPause", tierPause, shortest, LONGEST_LIMIT);
    Given.requireSpan(faults, "leaseTtl", leaseTtl, Leases.SHORTEST_TTL, Leases.LONGEST_TTL);
  }

  private Duration negative() {
    return negativeTtl == null ? shorter(ttl, Duration.ofSeconds(10)) : negativeTtl;
  }

  private Duration inMemory() {
    if (memoryTtl != null) {
      return memoryTtl;
    }
    return stores.isEmpty() && bus == null ? ttl : shorter(ttl, MINUTE);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  Loader<K, V> requiredLoader() {
    if (loader != null) {
      return loader;
    }
    BulkLoader<K, V> bulk = Objects.requireNonNull(bulkLoader, "bulkLoader");
    return key -> Optional.ofNullable(bulk.loadAll(Set.of(key)).get(key));
  }

  CacheSettings settings() {
    return new CacheSettings(name, loadTimeout, leaseTtl, tierTimeout, tierPause, RETRY_AFTER);
  }

  Near<K, V> newMemory() {
    return weight == null ? Near.ofEntries(maxEntries) : Near.ofWeight(maxWeight, weight);
  }

  /** How often memory is searched for what is over. */
  Duration sweepPeriod() {
    return shorter(inMemory().compareTo(RETRY_AFTER) < 0 ? RETRY_AFTER : inMemory(), MINUTE);
  }

  Tiers<V> newTiers(Timers by, CacheSettings settings) {
    List<TierCounters> counters = new ArrayList<>(List.of(new TierCounters("l1")));
    Watch reads = new Watch(by, tierTimeout);
    Watch changes = new Watch(by, loadTimeout);
    List<Tier> tiers = new ArrayList<>();
    for (KeyValueStore store : stores) {
      TierCounters counter = new TierCounters("l" + (counters.size() + 1));
      counters.add(counter);
      tiers.add(new Tier(name, counter, store, reads, changes, new Circuit(by, tierPause)));
    }
    var spans =
        new Lifetimes.Spans(ttl, negative(), inMemory(), staleOnError, refreshAhead, jitter);
    return new Tiers<>(
        List.copyOf(tiers),
        new Frames<>(values),
        new Lifetimes<>(spans, clock, by, random == null ? seeded() : random),
        new Counters(List.copyOf(counters)),
        settings);
  }

  private static RandomGenerator seeded() {
    return new SplittableRandom(new SecureRandom().nextLong());
  }
}
