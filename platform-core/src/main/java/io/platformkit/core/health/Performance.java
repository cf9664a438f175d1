package io.platformkit.core.health;

import io.platformkit.core.Given;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.http.Routes;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET cache}: hit rates by tier. {@code GET stats}: uptime, connected clients, cache. {@code
 * GET prometheus}: as {@link PrometheusEndpoint}, if one was given. Mount it at {@code
 * /api/v1/performance}. Safe for concurrent use.
 */
public final class Performance implements HttpEndpoint {
  private final Routes routes;
  private final Supplier<Map<String, HitCount>> cache;
  private final LongSupplier connectedClients;
  private final LongSupplier nanoTime;
  private final long startNanos;

  private Performance(Builder options) {
    cache = options.cache;
    connectedClients = options.connectedClients;
    nanoTime = options.nanoTime;
    startNanos = nanoTime.getAsLong();
    Routes.Builder paths =
        Routes.builder().get("/cache", any -> json(cache())).get("/stats", any -> json(stats()));
    HttpEndpoint prometheus = options.prometheus;
    routes = (prometheus == null ? paths : paths.get("/prometheus", prometheus)).build();
  }

  /** Starts with nothing to tell but the uptime. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Response handle(Request request) throws Exception {
    return routes.handle(request);
  }

  private static Response json(Map<String, ?> members) {
    return Response.json(members).withHeader("Cache-Control", "no-store");
  }

  private Map<String, Object> stats() {
    Map<String, Object> stats = new LinkedHashMap<>();
    stats.put("uptime_seconds", Duration.ofNanos(nanoTime.getAsLong() - startNanos).toSeconds());
    stats.put("connected_clients", connectedClients.getAsLong());
    stats.put("cache", cache());
    return stats;
  }

  /** A request that a tier misses is a request to the next one, so that tiers are not summed up. */
  private Map<String, Object> cache() {
    Map<String, Object> tiers = new LinkedHashMap<>();
    cache.get().forEach((tier, count) -> tiers.put(tier, members(count)));
    return Map.of("tiers", tiers);
  }

  private static Map<String, @Nullable Object> members(HitCount count) {
    OptionalDouble rate = count.hitRate();
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("hits", count.hits());
    members.put("misses", count.misses());
    members.put("hit_rate", rate.isPresent() ? rate.getAsDouble() : null);
    return members;
  }

  /** Collects options; for one thread. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private Supplier<Map<String, HitCount>> cache = Map::of;
    private LongSupplier connectedClients = () -> 0;
    private LongSupplier nanoTime = System::nanoTime;
    private @Nullable HttpEndpoint prometheus;

    private Builder() {}

    /** What each tier of the cache counted, the first tier first. Default: no tiers. */
    public Builder cache(Supplier<Map<String, HitCount>> cache) {
      Given.once(given, "cache");
      this.cache = Objects.requireNonNull(cache, "cache");
      return this;
    }

    /** How many clients are connected now. Default: 0. */
    public Builder connectedClients(LongSupplier connectedClients) {
      Given.once(given, "connectedClients");
      this.connectedClients = Objects.requireNonNull(connectedClients, "connectedClients");
      return this;
    }

    /** What answers {@code prometheus}. Default: nothing, 404. */
    public Builder prometheus(HttpEndpoint prometheus) {
      Given.once(given, "prometheus");
      this.prometheus = Objects.requireNonNull(prometheus, "prometheus");
      return this;
    }

    Builder nanoTime(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      return this;
    }

    /** Starts nothing. */
    public Performance build() {
      return new Performance(this);
    }
  }
}
