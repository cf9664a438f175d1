package io.platformkit.core.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The meters of one server; every tag has few values, whatever clients send. */
final class HttpMetrics implements AutoCloseable {
  private static final String PREFIX = "platform.core.http.";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final MeterRegistry registry;
  private final Supplier<Number> activeRequests;
  private volatile @Nullable Gauge active;

  HttpMetrics(MeterRegistry registry, Supplier<Number> active) {
    this.registry = registry;
    activeRequests = active;
  }

  void open() {
    active =
        Gauge.builder(PREFIX + "active", activeRequests)
            .description("Requests that are being answered")
            .register(registry);
  }

  void answered(String method, int status, long nanos) {
    Timer.builder(PREFIX + "requests")
        .description("Requests from their head to the last byte of the answer")
        .tag("method", METHODS.contains(method) ? method : "OTHER")
        .tag("status", status / 100 + "xx")
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request whose endpoint was never called. */
  void refused(int status) {
    registry.counter(PREFIX + "refused", "reason", reason(status)).increment();
  }

  private static String reason(int status) {
    return switch (status) {
      case 413 -> "body-too-large";
      case 414 -> "target-too-long";
      case 503 -> "overload";
      default -> "malformed";
    };
  }

  /** A connection that ended before its answer was sent. */
  void cut(String reason) {
    registry.counter(PREFIX + "cut", "reason", reason).increment();
  }

  @Override
  public void close() {
    Gauge registered = active;
    if (registered != null) {
      registry.remove(registered);
    }
  }
}
