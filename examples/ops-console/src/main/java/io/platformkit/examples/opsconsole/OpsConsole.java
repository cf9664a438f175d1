package io.platformkit.examples.opsconsole;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.platformkit.core.CloseOrder;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.PlatformException;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.charts.Charts;
import io.platformkit.core.health.Health;
import io.platformkit.core.health.Performance;
import io.platformkit.core.health.PrometheusEndpoint;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import io.platformkit.core.http.StaticFiles;
import io.platformkit.core.jdbc.Jdbc;
import io.platformkit.core.redis.Redis;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.timeseries.CachedMetricStore;
import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricStore;
import io.platformkit.examples.commandline.Program;
import io.platformkit.realtime.Message;
import io.platformkit.realtime.TopicOptions;
import io.platformkit.realtime.client.BrowserClient;
import io.platformkit.realtime.control.ControlPlane;
import io.platformkit.realtime.control.EventFeed;
import io.platformkit.realtime.server.RealtimeServer;
import io.platformkit.realtime.server.RealtimeServerBuilder;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.sqlite.SQLiteDataSource;

/**
 * The console: a store in memory or in a file, a sampler that fills it, charts that read it through
 * a cache, models that answer, health and metrics, and pages behind a login, on a realtime server
 * that streams what is sampled.
 *
 * <pre>{@code
 * ./console --port 8080
 * }</pre>
 */
public final class OpsConsole implements AutoCloseable {
  private static final Duration LIVE_RETENTION = Duration.ofHours(24);
  private static final Duration DEMO_RETENTION = Duration.ofDays(400);
  private static final int UPDATES_KEPT = 600; // five minutes
  private static final Duration CLOSE_LIMIT = Duration.ofMillis(1500);

  private final InstantSource clock = InstantSource.system();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Optional<Jdbc> history;
  private final Optional<Redis> redis;
  private final Optional<ConsoleAccess> access;
  private final MetricStore store;
  private final SystemTimers timers;
  private final MachineSampler sampler;
  private final ConsoleModels models;
  private final CachedAnswers charts;
  private final Health health;
  private final ControlPlane control;
  private final LiveMetrics live;
  private final RealtimeServer server;
  private final Lifecycle lifecycle = new Lifecycle("operations console");

  private OpsConsole(ConsoleOptions options, PrintStream out) {
    history = options.history().map(OpsConsole::open);
    redis = options.redis().map(uri -> Redis.builder(uri).meterRegistry(registry).build());
    access = options.keys().map(file -> ConsoleAccess.of(file, registry, out));
    store = openStore();
    timers = SystemTimers.create(ErrorHandler.logging(), CLOSE_LIMIT.dividedBy(4));
    control =
        access
            .map(ConsoleAccess::control)
            .orElseGet(() -> ControlPlane.builder().anybodysNotifications().build());
    live = new LiveMetrics(clock);
    models = ConsoleModels.of(history, timers, registry);
    sampler = MachineSampler.ofThisMachine(store, clock, live::take, models.probe());
    Optional<KeyValueStore> shared = redis.map(door -> door.keyValues("ops-console"));
    charts =
        CachedAnswers.of(
            Charts.on(CachedMetricStore.over(store, clock, timers), clock), shared, registry);
    health =
        ConsoleHealth.of(
            store, sampler, models.check(), shared, clock, this::seesDetails, registry);
    server = server(new InetSocketAddress(options.bind(), options.port()));
  }

  /** Of pages, endpoints and what is live, on one port. */
  private RealtimeServer server(InetSocketAddress address) {
    RealtimeServerBuilder builder =
        RealtimeServer.builder()
            .address(address)
            .timers(timers)
            .clock(clock)
            .meterRegistry(registry)
            .mountWith("/", this::endpoint);
    TopicOptions.Builder updates = TopicOptions.builder().history(UPDATES_KEPT);
    access.ifPresent(guard -> guard.guard(builder));
    access.ifPresent(guard -> updates.subscribers(ConsoleAccess.VIEWERS));
    return control.addTo(builder).topic(LiveMetrics.TOPIC, updates.build()).build();
  }

  /** Whoever came by the guard, if there is one. */
  private boolean seesDetails(Request request) {
    return access.isEmpty() || request.principal().isPresent();
  }

  private MetricStore openStore() {
    MetricStore demo =
        InMemoryMetricStore.builder()
            .clock(clock)
            .retention(DEMO_RETENTION)
            .maxPointsPerSeries(DemoHistory.YEAR)
            .build();
    return new DemoBesideLive(demo, history.map(this::inFile).orElseGet(this::inMemory));
  }

  private MetricStore inMemory() {
    return InMemoryMetricStore.builder().clock(clock).retention(LIVE_RETENTION).build();
  }

  private MetricStore inFile(Jdbc file) {
    return file.metricStore().retention(LIVE_RETENTION).open();
  }

  private static Jdbc open(Path file) {
    SQLiteDataSource sqlite = new SQLiteDataSource();
    sqlite.setUrl("jdbc:sqlite:" + file);
    return Jdbc.on(sqlite);
  }

  private HttpEndpoint endpoint(RealtimeServer built) {
    PrometheusEndpoint prometheus = PrometheusEndpoint.of(registry);
    Routes.Builder routes =
        Routes.builder()
            .get("/health/live", health.liveness())
            .get("/health/ready", health.readiness())
            .get("/metrics", prometheus)
            .get("/api/health", health.details())
            .get("/api/v1/metrics", new MetricCatalog(store))
            .get("/api/v1/system", new SystemFacts())
            .get("/api/v1/streaming/metrics/current", new CurrentMetrics(live))
            .mount("/api/v1/charts", charts)
            .mount(
                "/api/v1/performance",
                Performance.builder().cache(charts::hits).prometheus(prometheus).build())
            .mount("/vendor/chart.js", StaticFiles.builder(WebJars.chartJs()).build())
            .mount("/client", BrowserClient.files())
            .mount("/", StaticFiles.builder("web").build());
    models.addTo(routes);
    control.addTo(routes, built);
    return access.isPresent()
        ? access.get().guard(routes)
        : routes.get("/api/v1/session", nobody -> Response.json(Map.of())).build();
  }

  /**
   * Starts a console; close it to stop it.
   *
   * @param out is told what happens, in lines for a person
   */
  static OpsConsole start(ConsoleOptions options, PrintStream out) {
    DemoHistory.requireHeap(options.historyPoints(), Runtime.getRuntime().maxMemory());
    OpsConsole console = new OpsConsole(options, out);
    try {
      console.run(options, out);
      return console;
    } catch (RuntimeException | Error e) {
      console.closeAfter(e);
      throw e;
    }
  }

  private void run(ConsoleOptions options, PrintStream out) {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    charts.start();
    Program.listen(server::start, options.bind(), options.port());
    models.start();
    if (options.historyPoints() > 0) {
      out.printf("Writing a synthetic history of %,d points…%n", options.historyPoints());
      new DemoHistory().write(store, clock.instant(), options.historyPoints(), out);
    }
    sampler.start(timers);
    EventFeed feed = new EventFeed(server, clock);
    live.start(timers, update -> publish(update, feed));
    out.printf("Sampling %s every %d ms: %s%n", sampler.host(), samplePeriod(), sampled());
    out.printf("Operations console: %s%n", url());
  }

  private void publish(Message update, EventFeed feed) {
    CompletableFuture<?> unused = server.publish(LiveMetrics.TOPIC, update);
    live.cpuPercent().ifPresent(busy -> tell(feed, busy));
  }

  private static void tell(EventFeed feed, double busy) {
    CompletableFuture<?> unused = feed.tell(busy);
  }

  private static long samplePeriod() {
    return MachineSampler.PERIOD.toMillis();
  }

  private String sampled() {
    return String.join(", ", sampler.probes());
  }

  /** Where the page is. */
  URI url() {
    return server.uri();
  }

  /** The store that the sampler fills and the charts read. */
  MetricStore store() {
    return store;
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (PlatformException e) {
      failure.addSuppressed(e);
    }
  }

  /** Stops measuring, then answering, then forgets everything; takes at most 1.5 seconds. */
  @Override
  public void close() {
    lifecycle.close(() ->
        CloseOrder.within(CLOSE_LIMIT)
            .then("sampler", sampler)
            .then("live", live)
            .then("server", server)
            .then("models", models)
            .then("timers", timers)
            .then("charts", charts)
            .then("store", store)
            .then("history", () -> history.ifPresent(Jdbc::close))
            .then("redis", () -> redis.ifPresent(Redis::close))
            .then("keys", () -> access.ifPresent(ConsoleAccess::close))
            .run());
  }

  /** Runs the console until the process is told to stop. */
  public static void main(String[] args) {
    Program.run(
        "console",
        ConsoleOptions.USAGE,
        line -> start(ConsoleOptions.parse(line), System.out),
        args);
  }
}
