package io.platformkit.core.health;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.platformkit.core.Json;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricsProcessor;
import org.hawkular.agent.prometheus.types.Gauge;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.Summary;
import org.hawkular.agent.prometheus.walkers.CollectorPrometheusMetricsWalker;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;

class MetricsTest {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private static Response get(HttpEndpoint endpoint, String path, String... accept)
      throws Exception {
    Request.Builder request = Request.builder("GET", URI.create("http://localhost" + path));
    Stream.of(accept).forEach(line -> request.header("Accept", line));
    return endpoint.handle(request.build());
  }

  @Nested
  class OfPrometheus {
    private final PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final PrometheusEndpoint endpoint = PrometheusEndpoint.of(registry);

    @Test
    void aParserOfOthersReadsTheText() throws Exception {
      registry.counter("orders", "kind", "a \"quoted\\one\"\nand more").increment(3);
      io.micrometer.core.instrument.Gauge.builder("queue.depth", () -> 7).register(registry);
      Timer.builder("latency")
          .publishPercentileHistogram()
          .register(registry)
          .record(Duration.ofMillis(250));
      DistributionSummary.builder("size").publishPercentiles(0.5).register(registry).record(4);

      Response answer = get(endpoint, "/metrics");
      List<MetricFamily> families = parsed(answer.bytes());

      assertThat(answer.header("Content-Type")).contains(TEXT);
      assertThat(metric(families, "orders_total").getLabels())
          .containsEntry("kind", "a \"quoted\\one\"\nand more");
      assertThat(((Gauge) metric(families, "queue_depth")).getValue()).isEqualTo(7);
      Histogram latency = (Histogram) metric(families, "latency_seconds");
      assertThat(latency.getSampleCount()).isEqualTo(1);
      assertThat(latency.getSampleSum()).isEqualTo(0.25);
      assertThat(latency.getBuckets()).hasSizeGreaterThan(10);
      assertThat(metric(families, "size")).isInstanceOf(Summary.class);
    }

    private static List<MetricFamily> parsed(byte[] text) {
      var collector = new CollectorPrometheusMetricsWalker();
      new TextPrometheusMetricsProcessor(new ByteArrayInputStream(text), collector).walk();
      return collector.getAllMetricFamilies();
    }

    private static Metric metric(List<MetricFamily> families, String name) {
      return families.stream()
          .filter(family -> family.getName().equals(name))
          .findFirst()
          .orElseThrow()
          .getMetrics()
          .getFirst();
    }

    @Test
    void openMetricsEndsWithItsMark() throws Exception {
      registry.counter("orders").increment();
      Response answer = get(endpoint, "/metrics", "application/openmetrics-text; version=1.0.0");

      assertThat(answer.header("Content-Type")).contains(OPEN_METRICS);
      assertThat(answer.header("Vary")).contains("Accept");
      assertThat(new String(answer.bytes(), UTF_8))
          .contains("# TYPE orders counter\n", "orders_total 1.0\n")
          .endsWith("# EOF\n");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        nullValues = "-",
        value = {
          "- | TEXT",
          "'' | TEXT",
          "*/* | TEXT",
          "text/html | TEXT",
          "application/openmetrics-text | OPEN_METRICS",
          "Application/OpenMetrics-Text ; Version=1.0.0 | OPEN_METRICS",
          "application/openmetrics-text; version=0.0.1 | TEXT",
          "application/openmetrics-text;q=0.1, text/plain;q=0.9 | TEXT",
          "application/openmetrics-text;q=0, text/html | TEXT",
          "application/openmetrics-text;q=none | TEXT",
          "application/openmetrics-text, */* | TEXT",
          "text/plain;version=0.0.4;q=0.3,application/openmetrics-text;version=1.0.0;q=0.6"
              + " | OPEN_METRICS",
          // what Prometheus 3 sends
          "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
              + "application/openmetrics-text;version=0.0.1;q=0.5,"
              + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
              + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPEN_METRICS",
        })
    void theScraperSaysWhichFormat(String accept, TextFormat format) throws Exception {
      Response answer =
          accept == null ? get(endpoint, "/metrics") : get(endpoint, "/metrics", accept);

      assertThat(answer.header("Content-Type")).contains(format.contentType());
    }

    @Test
    void aCompositeMayHaveTheRegistry() throws Exception {
      CompositeMeterRegistry composite = new CompositeMeterRegistry();
      composite.add(new SimpleMeterRegistry()).add(registry);
      composite.counter("orders").increment();

      assertThat(new String(get(PrometheusEndpoint.of(composite), "/").bytes(), UTF_8))
          .contains("orders_total 1.0");
    }

    @Test
    void anotherRegistryIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PrometheusEndpoint.of(new SimpleMeterRegistry()))
          .withMessage(
              "registry was a 'SimpleMeterRegistry' but it must be a PrometheusMeterRegistry,"
                  + " or a composite that has one");
    }

    @Test
    void withoutTheLibraryTheErrorNamesTheArtifact() throws Exception {
      URL[] classes =
          Stream.of(
                  PrometheusEndpoint.class,
                  MeterRegistry.class,
                  ObservationRegistry.class,
                  io.micrometer.common.util.StringUtils.class,
                  Logger.class,
                  NullMarked.class)
              .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
              .toArray(URL[]::new);
      try (var loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
        Class<?> endpointType = loader.loadClass(PrometheusEndpoint.class.getName());
        Class<?> registryType = loader.loadClass(MeterRegistry.class.getName());
        Object simple =
            loader.loadClass(SimpleMeterRegistry.class.getName()).getConstructor().newInstance();
        var factory = endpointType.getMethod("of", registryType);

        assertThatThrownBy(() -> factory.invoke(null, simple))
            .isInstanceOf(InvocationTargetException.class)
            .cause()
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("io.micrometer:micrometer-registry-prometheus");
      }
    }
  }

  @Nested
  class OfPerformance {
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void cacheHasTheHitRateOfEachTier() throws Exception {
      Map<String, HitCount> tiers = new LinkedHashMap<>();
      tiers.put("l1", new HitCount(75, 25));
      tiers.put("redis", new HitCount(0, 0));
      Performance performance = Performance.builder().cache(() -> tiers).build();

      assertThat(new String(get(performance, "/cache").bytes(), UTF_8))
          .isEqualTo(
              "{\"tiers\":{\"l1\":{\"hits\":75,\"misses\":25,\"hit_rate\":0.75},"
                  + "\"redis\":{\"hits\":0,\"misses\":0,\"hit_rate\":null}}}");
    }

    @Test
    void statsHaveUptimeClientsAndCache() throws Exception {
      Performance performance =
          Performance.builder().connectedClients(() -> 12).nanoTime(nanos::get).build();
      nanos.set(Duration.ofMinutes(2).toNanos());

      @SuppressWarnings("unchecked") // the document is an object
      Map<String, Object> stats =
          Json.standard().decode(get(performance, "/stats").bytes(), Map.class);
      assertThat(stats)
          .containsEntry("uptime_seconds", 120)
          .containsEntry("connected_clients", 12)
          .containsEntry("cache", Map.of("tiers", Map.of()));
    }

    @Test
    void prometheusIsThereIfItWasGiven() throws Exception {
      HttpEndpoint metrics =
          PrometheusEndpoint.of(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));

      assertThat(get(Performance.builder().build(), "/prometheus").status()).isEqualTo(404);
      assertThat(
              get(Performance.builder().prometheus(metrics).build(), "/prometheus")
                  .header("Content-Type"))
          .contains(TEXT);
    }
  }
}
