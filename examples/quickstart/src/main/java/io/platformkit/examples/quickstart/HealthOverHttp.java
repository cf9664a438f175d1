package io.platformkit.examples.quickstart;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.platformkit.core.health.Checks;
import io.platformkit.core.health.Health;
import io.platformkit.core.health.Performance;
import io.platformkit.core.health.PrometheusEndpoint;
import io.platformkit.core.http.JdkHttpServer;
import io.platformkit.core.http.Routes;
import io.platformkit.core.store.InMemoryKeyValueStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** Probes, health and metrics of a service. */
public final class HealthOverHttp {
  private HealthOverHttp() {}

  /** Serves on a free port, asks itself, and drains. */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (var store = InMemoryKeyValueStore.create()) {
      // @start region="health"
      var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new JvmMemoryMetrics().bindTo(registry); // which meters there are is the host's choice
      new ProcessorMetrics().bindTo(registry);

      var health =
          Health.builder("shop")
              .check("orders", Checks.keyValues(store))
              .optionalCheck("disk", Checks.diskSpace(Path.of("."), 1 << 30, 1 << 20))
              .meterRegistry(registry)
              .build();
      var metrics = PrometheusEndpoint.of(registry);
      var routes =
          Routes.builder()
              .get("/livez", health.liveness())
              .get("/readyz", health.readiness())
              .get("/api/health", health.details())
              .get("/metrics", metrics)
              .mount("/api/v1/performance", Performance.builder().prometheus(metrics).build())
              .build();
      // @end
      try (var server = JdkHttpServer.builder(routes).build()) {
        server.start();
        System.out.println("ready: " + status(server.uri().resolve("/readyz")));
        System.out.println("metrics: " + status(server.uri().resolve("/metrics")));
        health.drain();
        System.out.println("ready: " + status(server.uri().resolve("/readyz")));
        System.out.println("alive: " + status(server.uri().resolve("/livez")));
      }
    }
  }

  private static int status(URI uri) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }
}
