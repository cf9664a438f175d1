package io.platformkit.core.jwt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.Given;
import io.platformkit.core.UnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys behind a URL, fetched when the first token comes and kept. They are fetched again when they
 * are older than {@link Builder#refreshAfter} or a token names one that is not there, by one caller
 * at a time and at most once in {@link Builder#retryAfter}. Callers with a key that is known never
 * wait for another's fetch. While the URL is down, slow or answers nonsense, the keys that are
 * known are used until they are {@link Builder#keepFor} old; then tokens cannot be checked and
 * callers are told to try again.
 *
 * <p>Counts {@code platform.core.identity.keys.fetched} ({@code outcome}).
 */
public final class RemoteKeySet extends KeySet implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RemoteKeySet.class);

  private final URI url;
  private final long refreshNanos;
  private final long retryNanos;
  private final long keepNanos;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final MeterRegistry registry;
  private final HttpClient client;
  private final ReentrantLock fetching = new ReentrantLock(); // guards attemptedAt
  private @Nullable Long attemptedAt;
  private volatile @Nullable Fetched fetched;

  private record Fetched(List<VerificationKey> keys, long at) {
    boolean has(String id) {
      return keys.stream().anyMatch(key -> key.id().filter(id::equals).isPresent());
    }
  }

  private RemoteKeySet(Builder options) {
    url = options.url;
    refreshNanos = nanos(options.refreshAfter);
    retryNanos = nanos(options.retryAfter);
    keepNanos = nanos(options.keepFor);
    timeout = options.timeout;
    nanoTime = options.nanoTime;
    registry = options.registry;
    client =
        HttpClient.newBuilder()
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static long nanos(Duration span) {
    return TimeUnit.NANOSECONDS.convert(span);
  }

  @Override
  List<VerificationKey> keys(Optional<String> wanted) {
    Fetched known = usable();
    if (known == null || !wanted.map(known::has).orElse(true)) {
      fetchOrWait(wanted);
    } else if (age(known) >= refreshNanos && fetching.tryLock()) {
      try {
        fetchIfDue();
      } finally {
        fetching.unlock();
      }
    }
    Fetched now = usable();
    if (now == null) {
      throw new UnavailableException("there are no keys to check tokens with");
    }
    return now.keys();
  }

  private @Nullable Fetched usable() {
    Fetched last = fetched;
    return last == null || age(last) > keepNanos ? null : last;
  }

  private long age(Fetched keys) {
    return nanoTime.getAsLong() - keys.at();
  }

  private void fetchOrWait(Optional<String> wanted) {
    fetching.lock();
    try {
      Fetched now = usable();
      if (now == null || !wanted.map(now::has).orElse(true)) {
        fetchIfDue();
      }
    } finally {
      fetching.unlock();
    }
  }

  private void fetchIfDue() {
    Long last = attemptedAt;
    if (last != null && nanoTime.getAsLong() - last < retryNanos) {
      return;
    }
    long start = nanoTime.getAsLong();
    try {
      List<VerificationKey> keys = VerificationKey.parse(fetch(), false);
      fetched = new Fetched(keys, start);
      count("fetched");
    } catch (IOException | IllegalArgumentException e) {
      count("failed");
      log.warn("keys were not fetched from {}: {}", url.getHost(), e.getMessage());
    } finally {
      attemptedAt = nanoTime.getAsLong();
    }
  }

  /** In one time limit for all of it: the client's own ends with the head. */
  private byte[] fetch() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(url).header("Accept", "application/json").timeout(timeout).build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(MAX_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(nanos(timeout), TimeUnit.NANOSECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("the answer was %d".formatted(response.statusCode()));
      }
      return response.body();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IOException("there was no answer within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  private void count(String outcome) {
    registry.counter("platform.core.identity.keys.fetched", "outcome", outcome).increment();
  }

  /** Always: what is there is known only when it is fetched. */
  @Override
  boolean mayFit(JwtAlgorithm algorithm) {
    return !algorithm.isShared();
  }

  /** Ends the connections. Any number of calls. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final URI url;
    private final Set<String> given = new HashSet<>();
    private Duration refreshAfter = Duration.ofMinutes(15);
    private Duration retryAfter = Duration.ofSeconds(30);
    private Duration keepFor = Duration.ofHours(1);
    private Duration timeout = Duration.ofSeconds(3);
    private LongSupplier nanoTime = System::nanoTime;
    private MeterRegistry registry = new CompositeMeterRegistry();

    Builder(URI url) {
      this.url = Objects.requireNonNull(url, "url");
    }

    /** From which age on keys are fetched again, from 1 second to 1 day. Default: 15 minutes. */
    public Builder refreshAfter(Duration refreshAfter) {
      Given.once(given, "refreshAfter");
      this.refreshAfter = Objects.requireNonNull(refreshAfter, "refreshAfter");
      return this;
    }

    /**
     * Shortest time between two fetches, whatever tokens name, from 1 second to 1 hour. Default: 30
     * seconds.
     */
    public Builder retryAfter(Duration retryAfter) {
      Given.once(given, "retryAfter");
      this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
      return this;
    }

    /**
     * Up to which age keys are used while there are no newer ones, from {@link #refreshAfter} to 7
     * days: a key that was withdrawn meanwhile is believed as long. Default: 1 hour.
     */
    public Builder keepFor(Duration keepFor) {
      Given.once(given, "keepFor");
      this.keepFor = Objects.requireNonNull(keepFor, "keepFor");
      return this;
    }

    /** Longest time that a fetch takes, from 10 ms to 1 minute. Default: 3 seconds. */
    public Builder timeout(Duration timeout) {
      Given.once(given, "timeout");
      this.timeout = Objects.requireNonNull(timeout, "timeout");
      return this;
    }

    /** Nanoseconds since some fixed moment. Default: {@link System#nanoTime}. */
    public Builder nanoTime(LongSupplier nanoTime) {
      Given.once(given, "nanoTime");
      this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
      return this;
    }

    /** Where fetches are counted. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.registry = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Checks everything; fetches nothing.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public RemoteKeySet build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "url", url, isSafe(), "an https URL, or http to this machine");
      Duration second = Duration.ofSeconds(1);
      Given.requireSpan(faults, "refreshAfter", refreshAfter, second, Duration.ofDays(1));
      Given.requireSpan(faults, "retryAfter", retryAfter, second, Duration.ofHours(1));
      Given.requireSpan(faults, "keepFor", keepFor, refreshAfter, Duration.ofDays(7));
      Given.requireSpan(faults, "timeout", timeout, Duration.ofMillis(10), Duration.ofMinutes(1));
      Given.refuse(faults);
      return new RemoteKeySet(this);
    }

    private boolean isSafe() {
      String host = url.getHost();
      boolean local = Set.of("127.0.0.1", "[::1]", "localhost").contains(String.valueOf(host));
      return host != null
          && ("https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && local));
    }
  }
}
