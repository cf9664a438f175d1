package io.platformkit.ml.serving;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.Backoff;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.batching.BatcherBuilder;
import io.platformkit.ml.registry.ModelRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of a {@link ModelServer}. For one thread; each option at most once. */
public final class ModelServerBuilder {
  private static final int MOST_MODELS = 1000;
  private static final int MOST_ITEMS = 10_000;
  private static final int MOST_WAITING = 100_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Set<String> given = new HashSet<>();
  private final ModelRegistry registry;
  private final ModelLoader loader;
  private List<String> models = List.of();
  private int maxModels = 10;
  private long maxBytes = Long.MAX_VALUE;
  private int maxItems = 1000;
  private int separateLanes = Runtime.getRuntime().availableProcessors();
  private int separateWaiting = 256;
  private Duration timeout = Duration.ofSeconds(1);
  private Consumer<BatcherBuilder> batching = batcher -> {};
  private @Nullable PredictionCache cache;
  private @Nullable Timers timers;
  private Backoff backoff =
      Backoff.exponential(Duration.ofSeconds(1), Backoff.UNLIMITED).cap(Duration.ofMinutes(1));
  private MeterRegistry meters = new CompositeMeterRegistry();
  private ErrorHandler errors = ErrorHandler.logging();

  ModelServerBuilder(ModelRegistry registry, ModelLoader loader) {
    this.registry = Objects.requireNonNull(registry, "registry");
    this.loader = Objects.requireNonNull(loader, "loader");
  }

  /** The models that it loads at its start. Default: those with a version in production. */
  public ModelServerBuilder models(String... models) {
    Given.once(given, "models");
    this.models = List.of(models);
    return this;
  }

  /** Most versions in memory, 1 to 1000. Default: 10. */
  public ModelServerBuilder maxModels(int maxModels) {
    Given.once(given, "maxModels");
    this.maxModels = maxModels;
    return this;
  }

  /**
   * Most bytes of all versions in memory together; a version counts for what its runner says, or
   * else twice its artifact. Default: no bound.
   */
  public ModelServerBuilder maxBytes(long maxBytes) {
    Given.once(given, "maxBytes");
    this.maxBytes = maxBytes;
    return this;
  }

  /** Most requests in one call, 1 to 10,000. Default: 1000. */
  public ModelServerBuilder maxItems(int maxItems) {
    Given.once(given, "maxItems");
    this.maxItems = maxItems;
    return this;
  }

  /**
   * For models whose inputs are no rows, so that each request is computed alone: how many at once,
   * from 1, and how many more may wait for their turn, from 0. Default: as many at once as there
   * are processors, and 256.
   */
  public ModelServerBuilder separateRuns(int atOnce, int waiting) {
    Given.once(given, "separateRuns");
    this.separateLanes = atOnce;
    this.separateWaiting = waiting;
    return this;
  }

  /**
   * How long a request waits for its turn if it does not say so itself, 1 ms to 1 hour. Default: 1
   * second.
   */
  public ModelServerBuilder timeout(Duration timeout) {
    Given.once(given, "timeout");
    this.timeout = timeout;
    return this;
  }

  /** Options of the batches of each version. Default: those of {@link BatcherBuilder}. */
  public ModelServerBuilder batching(Consumer<BatcherBuilder> batching) {
    Given.once(given, "batching");
    this.batching = Objects.requireNonNull(batching, "batching");
    return this;
  }

  /** Where predictions are kept. The server starts it; the host closes it. Default: nowhere. */
  public ModelServerBuilder cache(PredictionCache cache) {
    Given.once(given, "cache");
    this.cache = Objects.requireNonNull(cache, "cache");
    return this;
  }

  /** How soon a version that could not be loaded is tried again. Default: 1 s to 1 min. */
  public ModelServerBuilder backoff(Backoff backoff) {
    Given.once(given, "backoff");
    this.backoff = Objects.requireNonNull(backoff, "backoff");
    return this;
  }

  /** Where requests are counted, as {@code platform.ml.*}. Default: nowhere. */
  public ModelServerBuilder meterRegistry(MeterRegistry meters) {
    Given.once(given, "meterRegistry");
    this.meters = Objects.requireNonNull(meters, "meterRegistry");
    return this;
  }

  /** What waiting stands on; the host closes it. Default: timers of its own. */
  public ModelServerBuilder timers(Timers timers) {
    Given.once(given, "timers");
    this.timers = Objects.requireNonNull(timers, "timers");
    return this;
  }

  /** Told of what must not happen. Default: logs. */
  public ModelServerBuilder errorHandler(ErrorHandler errors) {
    Given.once(given, "errorHandler");
    this.errors = Objects.requireNonNull(errors, "errorHandler");
    return this;
  }

  /**
   * A server that is not started.
   *
   * @throws IllegalArgumentException with all faults in its message
   */
  public ModelServer build() {
    List<String> faults = new ArrayList<>();
    requireCount(faults, "maxModels", maxModels, 1, MOST_MODELS);
    requireCount(faults, "maxItems", maxItems, 1, MOST_ITEMS);
    requireCount(faults, "separateRuns.atOnce", separateLanes, 1, MOST_MODELS);
    requireCount(faults, "separateRuns.waiting", separateWaiting, 0, MOST_WAITING);
    Given.require(faults, "maxBytes", maxBytes, maxBytes > 0, "at least 1");
    Given.requireSpan(faults, "timeout", timeout, SHORTEST, LONGEST);
    Given.refuse(faults);
    if (timers != null) {
      return new ModelServer(settings(timers), null);
    }
    SystemTimers own = SystemTimers.create(errors);
    return new ModelServer(settings(own), own);
  }

  private static void requireCount(
      List<String> faults, String property, int count, int least, int most) {
    boolean right = count >= least && count <= most;
    Given.require(faults, property, count, right, "from %d to %d".formatted(least, most));
  }

  private Settings settings(Timers used) {
    return new Settings(
        registry,
        loader,
        models,
        maxModels,
        maxBytes,
        maxItems,
        separateLanes,
        separateWaiting,
        timeout,
        batching,
        cache,
        used,
        backoff,
        meters,
        errors);
  }
}
