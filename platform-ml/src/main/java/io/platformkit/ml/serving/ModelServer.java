package io.platformkit.ml.serving;

import io.platformkit.core.Bounds;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.health.HealthCheck;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.ModelLoader;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.batching.Outcome;
import io.platformkit.ml.batching.Terms;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.registry.ModelSummary;
import io.platformkit.ml.schema.Prediction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Serves the models of a registry inside this process. What is in production there answers; when
 * another version is promoted, on whichever node, it is loaded and warmed up first, and takes over
 * between two requests: none is dropped, and none is answered by two versions. Safe for concurrent
 * use.
 *
 * <p>Calls block: bring a virtual thread, or ask {@link #predictLater}. A version that is asked for
 * by name is served if it is loaded, or if its stage is staged, shadow, canary or production: then
 * it is loaded. Whichever was used least recently leaves for it.
 *
 * <p>Each call but {@link #builder} and {@link #close} throws {@link IllegalStateException} unless
 * the server is started and open.
 */
public final class ModelServer implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final Settings settings;
  private final @Nullable SystemTimers ownTimers;
  private final LoadedModels models;
  private final Catalog catalog;
  private final Versions versions;
  private final Predictions predictions;
  private final Totals totals = new Totals();
  private final Lifecycle lifecycle = new Lifecycle("model server");
  private final ExecutorService later =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual().name("platform-ml-later-", 0).factory());
  private volatile boolean started;

  /** With timers of its own, which it closes, or null if they are the host's. */
  ModelServer(Settings settings, @Nullable SystemTimers ownTimers) {
    this.settings = settings;
    this.ownTimers = ownTimers;
    models =
        new LoadedModels(new RegistrySource(settings), settings.maxModels(), settings.maxBytes());
    catalog = new Catalog(settings, id -> models.acquire(id).close());
    versions = new Versions(settings.registry(), catalog, models);
    predictions = new Predictions(settings.cache(), settings.timers());
  }

  /**
   * Options of a server.
   *
   * @param registry of the models; the host closes it, after the server
   * @param loader makes runners of the artifacts in the registry
   */
  public static ModelServerBuilder builder(ModelRegistry registry, ModelLoader loader) {
    return new ModelServerBuilder(registry, loader);
  }

  /**
   * Loads what is in production, and follows the registry from now on. Returns when each model is
   * loaded or has failed to; {@link #check} says which.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    lifecycle.start(() -> {
      if (settings.cache() != null) {
        settings.cache().start();
      }
      wanted().forEach(catalog::follow);
      started = true;
    });
  }

  private List<String> wanted() {
    if (!settings.models().isEmpty()) {
      return settings.models();
    }
    return settings.registry().models().stream()
        .filter(model -> model.production().isPresent())
        .map(ModelSummary::model)
        .limit(settings.maxModels())
        .toList();
  }

  private void requireOpen() {
    lifecycle.requireOpen();
    if (!started) {
      throw new IllegalStateException("model server was asked before start()");
    }
  }

  private long begin() {
    requireOpen();
    return settings.timers().nanoTime();
  }

  /** A prediction from named features. Blocks. */
  public Served<Prediction> predict(PredictionRequest asked) {
    long begin = begin();
    PredictionRequest request = bounded(asked);
    Served<Prediction> served =
        versions.use(
            request.model(),
            request.version(),
            model -> model.counted(predictions.one(model, request, begin)));
    totals.count(served);
    return served;
  }

  /** As {@link #predict}, on a thread of the server's. */
  public CompletableFuture<Served<Prediction>> predictLater(PredictionRequest request) {
    requireOpen();
    return CompletableFuture.supplyAsync(() -> predict(request), later);
  }

  /**
   * Predictions from named features, each for itself: one that is refused or fails leaves the
   * others alone. Blocks.
   *
   * @param requests {@code maxItems} at most, of one model or several
   * @return one answer for each request, in their order
   * @throws IllegalArgumentException if there are more
   */
  public List<Served<Prediction>> predictAll(List<PredictionRequest> requests) {
    long begin = begin();
    Bounds.requireCount("requests", requests.size(), 0, settings.maxItems());
    List<Served<Prediction>> answers =
        new ManyPredictions(versions, predictions, begin)
            .answers(requests.stream().map(this::bounded).toList());
    answers.forEach(totals::count);
    return answers;
  }

  private PredictionRequest bounded(PredictionRequest request) {
    return request.on(bounded(request.terms()));
  }

  private Terms bounded(Terms terms) {
    return terms.patience().isPresent() ? terms : terms.patience(settings.timeout());
  }

  /**
   * A model's outputs for its inputs. Blocks.
   *
   * @param version empty for the one in production
   */
  public Served<Tensors> infer(
      String model, Optional<String> version, Tensors inputs, Terms terms) {
    long begin = begin();
    Served<Tensors> served =
        versions.use(
            model,
            version,
            loaded -> loaded.counted(inferred(loaded, inputs, bounded(terms), begin)));
    totals.count(served);
    return served;
  }

  /**
   * A model's outputs for rows of named features. Blocks.
   *
   * @param version empty for the one in production
   * @param rows by name: numbers, booleans, strings and lists, as JSON has them; {@code maxItems}
   *     at most
   */
  public Served<Tensors> infer(
      String model,
      Optional<String> version,
      List<? extends Map<String, ? extends @Nullable Object>> rows,
      Terms terms) {
    long begin = begin();
    Bounds.requireCount("rows", rows.size(), 1, settings.maxItems());
    Served<Tensors> served =
        versions.use(
            model,
            version,
            loaded -> {
              try {
                Tensors inputs = Rows.encoded(loaded, rows);
                return loaded.counted(inferred(loaded, inputs, bounded(terms), begin));
              } catch (IllegalArgumentException fault) {
                return loaded.counted(new Served.Refused<>(loaded.id(), fault));
              }
            });
    totals.count(served);
    return served;
  }

  private Served<Tensors> inferred(LoadedModel model, Tensors inputs, Terms terms, long begin) {
    try {
      Outcome outcome = model.compute(inputs, terms);
      return outcome instanceof Outcome.Computed computed
          ? new Served.Done<>(model.id(), computed.outputs(), false, since(begin))
          : Served.without(model.id(), outcome);
    } catch (ModelInputException fault) {
      return new Served.Refused<>(model.id(), fault);
    }
  }

  private Duration since(long begin) {
    return Duration.ofNanos(settings.timers().nanoTime() - begin);
  }

  /**
   * Loads a version, if it is not, and tells what it is. Blocks.
   *
   * @param version empty for the one in production
   */
  public Served<ModelDescription> load(String model, Optional<String> version) {
    long begin = begin();
    return versions.use(
        model,
        version,
        loaded -> new Served.Done<>(loaded.id(), loaded.description(), false, since(begin)));
  }

  /**
   * Whether a request would find its version loaded; nothing is loaded by asking.
   *
   * @param version empty for the one in production
   */
  public boolean isReady(String model, Optional<String> version) {
    requireOpen();
    return versions.isReady(model, version);
  }

  /** The versions of a model that may be asked for by name, newest first. */
  public List<String> versions(String model) {
    requireOpen();
    return versions.servable(model);
  }

  /** The models that it serves, each with the version that answers now. */
  public List<ServedModel> models() {
    requireOpen();
    return catalog.all().stream()
        .map(model ->
            new ServedModel(
                model.model(),
                model.serving().map(id -> id.version()),
                model.trouble().map(why -> String.valueOf(why.getMessage()))))
        .toList();
  }

  /** The registry that it follows. */
  public ModelRegistry registry() {
    return settings.registry();
  }

  /** Most requests of one {@link #predictAll}. */
  public int maxItems() {
    return settings.maxItems();
  }

  /** What it was asked and how it answered. */
  public ServerStatistics statistics() {
    return new ServerStatistics(
        totals.requests(),
        totals.errors(),
        totals.cached(),
        totals.mean(),
        models.loaded().stream()
            .map(LoadedModel::statistics)
            .sorted(VersionStatistics.BY_NAME)
            .toList(),
        settings.cache() == null ? List.of() : settings.cache().stats());
  }

  /**
   * Degraded if what is in production could not be loaded and its predecessor answers, or a model
   * runs worse than it was asked to; unhealthy if a model that is in production does not answer.
   */
  public HealthCheck check() {
    return new ServingCheck(catalog, models);
  }

  /** Refuses new requests, waits for those under way, at most 30 seconds, and lets models go. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      CloseOrder order =
          CloseOrder.within(DRAIN)
              .then("later", later)
              .then("catalog", catalog)
              .then("models", models::close);
      if (ownTimers != null) {
        order.then("timers", ownTimers);
      }
      order.run();
    });
  }
}
