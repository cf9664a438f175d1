package io.platformkit.examples.modelserver;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.health.Checks;
import io.platformkit.core.health.Health;
import io.platformkit.core.health.PrometheusEndpoint;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.log.EventLogOptions;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.examples.commandline.Program;
import io.platformkit.examples.commandline.UsageException;
import io.platformkit.ml.http.ModelAdministration;
import io.platformkit.ml.http.OpenInference;
import io.platformkit.ml.http.PredictionService;
import io.platformkit.ml.http.TensorFlowServing;
import io.platformkit.ml.onnx.OnnxLoader;
import io.platformkit.ml.registry.DirectoryArtifacts;
import io.platformkit.ml.registry.ModelRegistry;
import io.platformkit.ml.serving.ModelServer;
import io.platformkit.ml.serving.PredictionCache;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteDataSource;

/**
 * Serves the models of a folder: what is registered and promoted is kept in a SQLite file there,
 * what is in production answers over HTTP in four protocols, and the folder is looked at every two
 * seconds.
 *
 * <pre>{@code
 * ./model-server --folder model-server-data --port 8081
 * }</pre>
 */
public final class FolderServer implements AutoCloseable {
  private static final String MODELS = "models";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final OnnxLoader loader = OnnxLoader.builder().build();
  private final SystemTimers timers = SystemTimers.create(ErrorHandler.logging());
  private final Jdbc sqlite;
  private final KeyValueStore store;
  private final ModelRegistry registry;
  private final ModelFolder folder;
  private final PredictionCache cache;
  private final ModelServer models;
  private final Optional<ServerAccess> access;
  private final Health health;
  private final JdkHttpServer server;
  private final Lifecycle lifecycle = new Lifecycle("folder server");

  private FolderServer(ServerOptions options, PrintStream out) {
    sqlite = open(options.folder().resolve("registry.db"));
    store = sqlite.keyValues(KeyValueOptions.of("registry").scanned());
    registry =
        ModelRegistry.builder(store, sqlite.eventLog(EventLogOptions.of("registry")))
            .artifacts(DirectoryArtifacts.in(options.folder().resolve("artifacts")))
            .build();
    folder = new ModelFolder(options.folder().resolve(MODELS), registry, loader, out);
    cache = PredictionCache.builder().meterRegistry(meters).build();
    models = ModelServer.builder(registry, loader).cache(cache).meterRegistry(meters).build();
    access = options.keys().map(file -> ServerAccess.of(file, meters, out));
    health =
        Health.builder("model-server")
            .check("models", models.check())
            .check("registry", Checks.keyValues(store))
            .seesDetails(request -> request.principal().isPresent())
            .meterRegistry(meters)
            .build();
    server =
        JdkHttpServer.builder(endpoint())
            .address(new InetSocketAddress(options.bind(), options.port()))
            .meterRegistry(meters)
            .build();
  }

  private static Jdbc open(Path file) {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    return Jdbc.on(source);
  }

  private HttpEndpoint endpoint() {
    Routes.Builder routes =
        Routes.builder()
            .get("/", this::greeting)
            .get("/health/live", health.liveness())
            .get("/health/ready", health.readiness())
            .get("/api/health", health.details())
            .get("/metrics", PrometheusEndpoint.of(meters))
            .mount("/v1", TensorFlowServing.of(models))
            .mount("/v2", OpenInference.of(models))
            .mount("/api/v1/registry", ModelAdministration.of(registry))
            .mount("/", PredictionService.of(models, ChurnModel.NAME));
    return access.isPresent() ? access.get().guard(routes) : new LocalCallers(routes.build());
  }

  private Response greeting(Request request) {
    return Response.text(String.join("\n", tryThis()) + "\n");
  }

  private List<String> tryThis() {
    return new ThreeLines(url(), access.isPresent()).of(registry);
  }

  /**
   * Starts a server; close it to stop it.
   *
   * @param out is told what happens, in lines for a person
   */
  static FolderServer start(ServerOptions options, PrintStream out) {
    fill(options.folder(), out);
    FolderServer server = new FolderServer(options, out);
    try {
      server.run(options, out);
      return server;
    } catch (RuntimeException | Error e) {
      server.closeAfter(e);
      throw e;
    }
  }

  /** Makes the folder, with models if it has none. */
  private static void fill(Path folder, PrintStream out) {
    Path models = folder.resolve(MODELS);
    try {
      Files.createDirectories(folder);
      if (Files.notExists(models)) {
        out.printf("Training two models and writing a third into %s…%n", models);
        StarterModels.write(models);
      }
    } catch (IOException e) {
      throw new UsageException("folder '%s' can't be used: %s".formatted(folder, e), e);
    }
  }

  private void run(ServerOptions options, PrintStream out) {
    new JvmMemoryMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    folder.look();
    models.start();
    Program.listen(server::start, options.bind(), options.port());
    var unused = timers.every("model-folder", LOOK_EVERY, folder::look);
    out.printf("Model server: %s%n", url());
    if (access.isPresent()) {
      out.println("Say who you are: export KEY=pk_…");
    }
    tryThis().forEach(out::println);
  }

  /** Where it listens. */
  URI url() {
    return server.uri();
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (PlatformException e) {
      failure.addSuppressed(e);
    }
  }

  /** Lets no request in any more, answers those that are under way, and lets the models go. */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(CLOSE_LIMIT)
            .then("timers", timers)
            .then("server", server)
            .then("models", models)
            .then("cache", cache)
            .then("registry", registry)
            .then("store", sqlite)
            .then("keys", () -> access.ifPresent(ServerAccess::close))
            .run());
  }

  /** Runs the server until the process is told to stop. */
  public static void main(String[] args) {
    Program.run(
        "model-server",
        ServerOptions.USAGE,
        line -> start(ServerOptions.parse(line), System.out),
        args);
  }
}
