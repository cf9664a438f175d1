package io.platformkit.core.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one server, for servers: {@code requests} (timer; {@code method}, {@code status} as
 * {@code 2xx}), {@code active} (gauge), {@code refused} and {@code cut} (counters; {@code reason}),
 * each behind the server's prefix. Every tag has few values, whatever clients send. Safe for
 * concurrent use.
 */
public final class HttpMetrics implements AutoCloseable {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

  private final MeterRegistry registry;
  private final String prefix;
  private final Supplier<Number> activeRequests;
  private volatile @Nullable Gauge active;

  private HttpMetrics(MeterRegistry registry, String prefix, Supplier<Number> active) {
    this.registry = registry;
    this.prefix = prefix;
    activeRequests = active;
  }

  /**
   * Makes the meters of one server; nothing is registered yet.
   *
   * @param prefix {@code "platform.core.http."}
   * @param active how many requests are being answered
   */
  public static HttpMetrics of(MeterRegistry registry, String prefix, Supplier<Number> active) {
    return new HttpMetrics(registry, prefix, active);
  }

  /** Registers the gauge, once the server starts. */
  public void open() {
    active =
        Gauge.builder(prefix + "active", activeRequests)
            .description("Requests that are being answered")
            .register(registry);
  }

  /**
   * A request was answered, or its answer was cut.
   *
   * @param nanos from its head to the last byte of the answer
   */
  public void answered(String method, int status, long nanos) {
    Timer.builder(prefix + "requests")
        .description("Requests from their head to the last byte of the answer")
        .tag("method", METHODS.contains(method) ? method : "OTHER")
        .tag("status", status / 100 + "xx")
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** A request whose endpoint was never called. */
  public void refused(int status) {
    registry.counter(prefix + "refused", "reason", reason(status)).increment();
  }

  private static String reason(int status) {
    return switch (status) {
      case 413 -> "body-too-large";
      case 414 -> "target-too-long";
      case 431 -> "head-too-large";
      case 503 -> "overload";
      default -> "malformed";
    };
  }

  /**
   * A connection ended before its answer was sent.
   *
   * @param reason one of a few: {@code "slow-reader"}
   */
  public void cut(String reason) {
    registry.counter(prefix + "cut", "reason", reason).increment();
  }

  @Override
  public void close() {
    Gauge registered = active;
    if (registered != null) {
      registry.remove(registered);
    }
  }
}
