package io.platformkit.core.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;

/**
 * {@code GET /metrics}: all meters of the host's registry as text for Prometheus, in OpenMetrics
 * 1.0.0 or the text format 0.0.4, whichever the scraper prefers. Safe for concurrent use.
 *
 * <p>The registry is a {@code PrometheusMeterRegistry}, or a composite that has one.
 */
public final class PrometheusEndpoint implements HttpEndpoint {
  private final Scrape scrape;

  private PrometheusEndpoint(Scrape scrape) {
    this.scrape = scrape;
  }

  /**
   * Answers with the meters of a registry.
   *
   * @throws IllegalArgumentException if Prometheus cannot read the registry
   * @throws IllegalStateException if {@code io.micrometer:micrometer-registry-prometheus} is not on
   *     the class path
   */
  public static PrometheusEndpoint of(MeterRegistry registry) {
    try {
      return new PrometheusEndpoint(Scrape.of(registry));
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "metrics for Prometheus need io.micrometer:micrometer-registry-prometheus;"
              + " add it to the host's dependencies",
          e);
    }
  }

  @Override
  public Response handle(Request request) {
    TextFormat format = TextFormat.preferred(request.headers("Accept"));
    return Response.stream(format.contentType(), out -> scrape.writeTo(out, format.contentType()))
        .withHeader("Cache-Control", "no-store")
        .withHeader("Vary", "Accept");
  }
}
