package io.platformkit.examples.opsconsole;

import io.micrometer.core.instrument.MeterRegistry;
import io.platformkit.core.cache.Codec;
import io.platformkit.core.cache.LoadFailedException;
import io.platformkit.core.cache.TieredCache;
import io.platformkit.core.cache.TieredCacheBuilder;
import io.platformkit.core.health.HitCount;
import io.platformkit.core.http.HttpEndpoint;
import io.platformkit.core.http.ProblemException;
import io.platformkit.core.http.Request;
import io.platformkit.core.http.Response;
import io.platformkit.core.store.KeyValueStore;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps answers about a range that has both its ends, for a minute: first here, then in a store
 * that consoles share. A range that goes on until now is asked anew each time.
 */
final class CachedAnswers implements HttpEndpoint, AutoCloseable {
  private static final Duration TTL = Duration.ofMinutes(1);
  private static final int ENTRIES = 1_000;
  private static final int LONGEST_KEY = 500;

  private final HttpEndpoint endpoint;
  private final TieredCache<String, byte[]> cache;

  private CachedAnswers(HttpEndpoint endpoint, TieredCacheBuilder<String, byte[]> options) {
    this.endpoint = endpoint;
    cache = options.loader(this::load).build();
  }

  /** Answers of an endpoint whose answers are JSON. */
  static CachedAnswers of(
      HttpEndpoint endpoint, Optional<KeyValueStore> shared, MeterRegistry registry) {
    TieredCacheBuilder<String, byte[]> options =
        TieredCache.builder("charts", Codec.bytes())
            .maxEntries(ENTRIES)
            .ttl(TTL)
            .meterRegistry(registry);
    shared.ifPresent(options::tier);
    return new CachedAnswers(endpoint, options);
  }

  void start() {
    cache.start();
  }

  @Override
  public Response handle(Request request) throws Exception {
    String key = request.path() + "?" + request.url().getRawQuery();
    boolean isOfThePast = request.query("from").isPresent() && request.query("to").isPresent();
    if (!isOfThePast || key.length() > LONGEST_KEY || !request.method().equals("GET")) {
      return endpoint.handle(request);
    }
    try {
      byte[] answer = cache.get(key).orElseThrow();
      return Response.ok(answer, "application/json").withHeader("Cache-Control", "no-store");
    } catch (LoadFailedException e) {
      if (e.getCause() instanceof ProblemException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private Optional<byte[]> load(String key) throws Exception {
    URI url = URI.create("http://localhost" + key);
    return Optional.of(endpoint.handle(Request.builder("GET", url).build()).bytes());
  }

  /** What each tier counted, the first one first. */
  Map<String, HitCount> hits() {
    Map<String, HitCount> hits = new LinkedHashMap<>();
    cache
        .stats()
        .tiers()
        .forEach(tier -> hits.put(tier.tier(), new HitCount(tier.hits(), tier.misses())));
    return hits;
  }

  @Override
  public void close() {
    cache.close();
  }
}
