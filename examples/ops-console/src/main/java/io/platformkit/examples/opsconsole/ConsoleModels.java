package io.platformkit.examples.opsconsole;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.Timers;
import io.platformkit.core.health.HealthCheck;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Problem;
import io.platformkit.core.http.Routes;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.ml.http.ModelAdministration;
import io.platformkit.ml.http.OpenInference;
import io.platformkit.ml.http.PredictionService;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionCache;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The models that the console serves: a registry in its file or in memory, a server that follows
 * it, and somebody who asks.
 */
final class ConsoleModels implements AutoCloseable {
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

  /** The model that a prediction asks which names none. */
  private static final String OWN = DemoModels.ALL.getFirst().name();

  private static final int KEPT_PREDICTIONS = 10_000;

  private final ModelRegistry registry;
  private final PredictionCache cache;
  private final ModelServer server;
  private final DemoTraffic traffic;
  private final Timers timers;
  private volatile boolean loaded;

  private ConsoleModels(ModelRegistry registry, Timers timers, MeterRegistry meters) {
    this.registry = registry;
    this.timers = timers;
    cache =
        PredictionCache.builder()
            .maxEntries(KEPT_PREDICTIONS)
            .timers(timers)
            .meterRegistry(meters)
            .build();
    server =
        ModelServer.builder(registry, LinearModel::load)
            .cache(cache)
            .timers(timers)
            .meterRegistry(meters)
            .build();
    traffic = new DemoTraffic(server, DemoModels.ALL, new SplittableRandom());
  }

  /**
   * Those of a file, or else of memory.
   *
   * @param timers closed after the models
   */
  static ConsoleModels of(Optional<Jdbc> file, Timers timers, MeterRegistry meters) {
    ModelRegistry registry = file.map(ConsoleModels::registryIn).orElseGet(ModelRegistry::inMemory);
    return new ConsoleModels(registry, timers, meters);
  }

  private static ModelRegistry registryIn(Jdbc file) {
    KeyValueStore store = file.keyValues(KeyValueOptions.of("models").scanned());
    EventLog log = file.eventLog(EventLogOptions.of("models"));
    return ModelRegistry.builder(store, log).build();
  }

  void start() {
    DemoModels.registerIn(registry);
    server.start();
    loaded = true;
    traffic.start(timers);
  }

  /**
   * Mounts what people and programs see of them. Each change of a stage asks for the role {@code
   * admin} itself, so that nobody makes one on a console without a login.
   */
  void addTo(Routes.Builder routes) {
    routes
        .get("/api/v1/serving", onceLoaded(new ServingFigures(server)))
        .mount("/api/v1/registry", ModelAdministration.of(registry))
        .mount("/api/v1/ml", onceLoaded(PredictionService.of(server, OWN)))
        .mount("/api/v1/open-inference/v2", onceLoaded(OpenInference.of(server)));
  }

  private HttpEndpoint onceLoaded(HttpEndpoint endpoint) {
    return request -> {
      if (!loaded) {
        throw Problem.of(503, "the models are being loaded; try again in a moment").toException();
      }
      return endpoint.handle(request);
    };
  }

  Probe probe() {
    return new ModelProbe(server, timers::nanoTime);
  }

  HealthCheck check() {
    return server.check();
  }

  /** Stops asking, then answering. */
  @Override
  public void close() {
    CloseOrder.within(CLOSE_LIMIT)
        .then("traffic", traffic)
        .then("server", server)
        .then("cache", cache)
        .then("registry", registry)
        .run();
  }
}
