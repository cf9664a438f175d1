package io.platformkit.core.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The only class that knows the library, so that hosts without Prometheus need it not. */
final class Scrape {
  private final PrometheusMeterRegistry registry;

  private Scrape(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  static Scrape of(MeterRegistry registry) {
    return find(registry)
        .map(Scrape::new)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "registry was a '%s' but it must be a PrometheusMeterRegistry, or a composite that has one"
                    .formatted(registry.getClass().getSimpleName())));
  }

  private static Optional<PrometheusMeterRegistry> find(MeterRegistry registry) {
    return switch (registry) {
      case PrometheusMeterRegistry found -> Optional.of(found);
      case CompositeMeterRegistry composite ->
          composite.getRegistries().stream()
              .map(Scrape::find)
              .flatMap(Optional::stream)
              .findFirst();
      default -> Optional.empty();
    };
  }

  void writeTo(OutputStream out, String contentType) throws IOException {
    registry.scrape(out, contentType);
  }
}
