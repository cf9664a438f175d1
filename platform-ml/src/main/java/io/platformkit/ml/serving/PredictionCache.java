package io.platformkit.ml.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.Given;
import io.platformkit.core.Timers;
import io.platformkit.core.cache.CacheStats;
import io.platformkit.core.cache.KeyCodec;
import io.platformkit.core.cache.LoadFailedException;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.cache.TieredCacheBuilder;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.schema.Prediction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps predictions, so that the same question is not computed again: of the same version, about
 * the same ids, with features that make the same row. One that is about a pair, as a user and an
 * item, is kept for a shorter time. The host builds and closes it; the server starts it. Safe for
 * concurrent use.
 */
public final class PredictionCache implements AutoCloseable {
  private static final int PAIR = 2;

  private final TieredCache<PredictionKey, Prediction> singles;
  private final TieredCache<PredictionKey, Prediction> pairs;

  private PredictionCache(Builder options) {
    singles = options.cache("predictions", options.ttl);
    pairs = options.cache("pair-predictions", options.pairTtl);
  }

  /** Options, each with a default. */
  public static Builder builder() {
    return new Builder();
  }

  /** What it has done: for one id or none, and for pairs. */
  public List<CacheStats> stats() {
    return List.of(singles.stats(), pairs.stats());
  }

  void start() {
    singles.start();
    pairs.start();
  }

  /** Whether a prediction about these is kept for the shorter time. */
  static boolean isPair(Map<String, String> ids) {
    return ids.size() >= PAIR;
  }

  private TieredCache<PredictionKey, Prediction> of(Map<String, String> ids) {
    return isPair(ids) ? pairs : singles;
  }

  /**
   * The prediction of a key, computed if it is not there.
   *
   * @throws NotComputedException if there is none
   */
  Prediction get(Map<String, String> ids, PredictionKey key) {
    try {
      return of(ids).get(key).orElseThrow();
    } catch (LoadFailedException failure) {
      throw unwrapped(failure);
    } finally {
      key.forget();
    }
  }

  /**
   * The predictions of keys of one model; those that are not there are computed together.
   *
   * @param ids of one of them; the others have as many
   * @throws NotComputedException if there is none for one of them
   */
  Map<PredictionKey, Prediction> getAll(Map<String, String> ids, Collection<PredictionKey> keys) {
    try {
      return of(ids).getAll(keys);
    } catch (LoadFailedException failure) {
      throw unwrapped(failure);
    } finally {
      keys.forEach(PredictionKey::forget);
    }
  }

  private static RuntimeException unwrapped(LoadFailedException failure) {
    return failure.getCause() instanceof NotComputedException known ? known : failure;
  }

  @Override
  public void close() {
    singles.close();
    pairs.close();
  }

  private static Optional<Prediction> compute(PredictionKey key) {
    PredictionKey.Row row = key.take();
    return Optional.of(Rows.compute(row.model(), row.inputs(), 1, row.terms()).getFirst());
  }

  private static Map<PredictionKey, Prediction> computeAll(Collection<PredictionKey> keys) {
    List<PredictionKey.Row> rows = keys.stream().map(PredictionKey::take).toList();
    LoadedModel model = rows.getFirst().model();
    Tensors inputs = Rows.together(model, rows.stream().map(PredictionKey.Row::inputs).toList());
    Iterator<Prediction> computed =
        Rows.compute(model, inputs, rows.size(), rows.getFirst().terms()).iterator();
    Map<PredictionKey, Prediction> found = new HashMap<>();
    keys.forEach(key -> found.put(key, computed.next()));
    return found;
  }

  /** Options of a cache. For one thread; each option at most once. */
  public static final class Builder {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONGEST_COMPUTATION = Duration.ofMinutes(5);

    private final Set<String> given = new HashSet<>();
    private final List<KeyValueStore> tiers = new ArrayList<>();
    private long maxEntries = 100_000;
    private Duration ttl = HOUR;
    private Duration pairTtl = Duration.ofMinutes(5);
    private @Nullable MeterRegistry registry;
    private @Nullable InstantSource clock;
    private @Nullable Timers timers;

    private Builder() {}

    /** How long a prediction about one id or none is kept. Default: 1 hour. */
    public Builder ttl(Duration ttl) {
      Given.once(given, "ttl");
      this.ttl = ttl;
      return this;
    }

    /** How long a prediction about two ids or more is kept. Default: 5 minutes. */
    public Builder pairTtl(Duration pairTtl) {
      Given.once(given, "pairTtl");
      this.pairTtl = pairTtl;
      return this;
    }

    /** Most predictions in memory, of each kind. Default: 100,000. */
    public Builder maxEntries(long maxEntries) {
      Given.once(given, "maxEntries");
      this.maxEntries = maxEntries;
      return this;
    }

    /**
     * A store behind memory, shared by nodes; the first one given is asked first. Default: none.
     */
    public Builder tier(KeyValueStore store) {
      tiers.add(store);
      return this;
    }

    /** Where hits and misses are counted. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.registry = registry;
      return this;
    }

    /** Whose time it is. Default: the system's. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = clock;
      return this;
    }

    /** What waiting and time-outs stand on. Default: the system's. */
    public Builder timers(Timers timers) {
      Given.once(given, "timers");
      this.timers = timers;
      return this;
    }

    /**
     * A cache with these options.
     *
     * @throws IllegalArgumentException with all faults in its message
     */
    public PredictionCache build() {
      return new PredictionCache(this);
    }

    private TieredCache<PredictionKey, Prediction> cache(String name, Duration lifetime) {
      TieredCacheBuilder<PredictionKey, Prediction> builder =
          TieredCache.builder(
                  name,
                  KeyCodec.of(PredictionKey::name, PredictionKey::named),
                  new PredictionCodec())
              .loader(PredictionCache::compute)
              .bulkLoader(PredictionCache::computeAll)
              .maxEntries(maxEntries)
              .loadTimeout(LONGEST_COMPUTATION)
              .ttl(lifetime);
      tiers.forEach(builder::tier);
      if (registry != null) {
        builder.meterRegistry(registry);
      }
      if (clock != null) {
        builder.clock(clock);
      }
      if (timers != null) {
        builder.timers(timers);
      }
      return builder.build();
    }
  }
}
