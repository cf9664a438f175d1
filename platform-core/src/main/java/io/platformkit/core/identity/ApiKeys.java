package io.platformkit.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.core.identity.Authentication.Absent;
import io.platformkit.core.identity.Authentication.Authenticated;
import io.platformkit.core.identity.Authentication.Refused;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * API keys: made, listed and revoked here, and checked as an {@link Authenticator}. Safe for
 * concurrent use; calls block where the keys are in a store or a file.
 *
 * <pre>{@code
 * var keys = ApiKeys.builder(redis.keyValueStore(…)).build();
 * NewApiKey made = keys.create(Principal.of("nightly-report", "reader"));
 * made.secret(); // pk_<id>_<secret>, shown this once
 * }</pre>
 *
 * <p>A key has 256 random bits, of which only the SHA-256 is kept. It is taken from credentials of
 * the scheme {@link Credentials#API_KEY}, and from a bearer token that begins with {@code pk_}. Its
 * id is public and leads to its record, so a check is one read. A revoked key is refused at once,
 * or with {@link Builder#cacheFor} at most that long and one read later on other nodes.
 */
public final class ApiKeys implements Authenticator, AutoCloseable {
  /** Most keys of one page. */
  public static final int MAX_PAGE = KeyValueStore.MAX_PAGE;

  private static final int MAX_KEYS = 100_000;
  private static final int MAX_CACHED = 10_000;

  private final KeyRecords records;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final @Nullable Cache<String, Optional<KeyRecord>> cache;
  private final AutoCloseable own;

  private ApiKeys(KeyRecords records, Builder options, AutoCloseable own) {
    this.records = records;
    this.own = own;
    clock = options.clock;
    cache = options.cacheFor.isZero() ? null : newCache(options.cacheFor, options.nanoTime);
  }

  private static Cache<String, Optional<KeyRecord>> newCache(Duration time, LongSupplier nanos) {
    return Caffeine.newBuilder()
        .maximumSize(MAX_CACHED)
        .expireAfterWrite(time)
        .ticker(nanos::getAsLong)
        .executor(Runnable::run)
        .build();
  }

  /** Keys in this process' memory, at most 100,000; they end with it. */
  public static Builder builder() {
    return new Builder(Optional.empty(), Optional.empty());
  }

  /**
   * Keys in a JSON file, which need not be there yet. It is read again when it changes; one that
   * makes no sense is not taken over, which is logged and counted.
   */
  public static Builder builder(Path file) {
    return new Builder(Optional.of(file), Optional.empty());
  }

  /** Keys in a store that was opened as scannable; it stays open. */
  public static Builder builder(KeyValueStore store) {
    return new Builder(Optional.empty(), Optional.of(store));
  }

  /** A new key that ends when it is revoked. */
  public NewApiKey create(Principal principal) {
    return create(principal, Optional.empty());
  }

  /**
   * A new key.
   *
   * @throws IllegalArgumentException if it would have expired already
   */
  public NewApiKey create(Principal principal, Instant expiresAt) {
    return create(principal, Optional.of(expiresAt));
  }

  private NewApiKey create(Principal principal, Optional<Instant> expiresAt) {
    Instant now = clock.instant();
    KeyText text = KeyText.random(random);
    ApiKey key = new ApiKey(text.id(), principal, now, expiresAt);
    if (key.isExpired(now)) {
      throw new IllegalArgumentException(
          "expiresAt was '%s' but it must be after now, %s".formatted(expiresAt.get(), now));
    }
    records.add(new KeyRecord(key, text.hash()));
    return new NewApiKey(key, text.text());
  }

  /** The first keys in the order of their ids. */
  public List<ApiKey> list(int limit) {
    return list("", limit);
  }

  /**
   * Keys in the order of their ids.
   *
   * @param after the id to go on after
   * @param limit most keys, from 1 to {@value #MAX_PAGE}
   */
  public List<ApiKey> list(String after, int limit) {
    Bounds.requirePrefix("after", after);
    Bounds.requireCount("limit", limit, 1, MAX_PAGE);
    return records.list(after, limit).stream().map(KeyRecord::key).toList();
  }

  /** What is known of a key. */
  public Optional<ApiKey> find(String id) {
    return KeyText.ID.matcher(id).matches()
        ? records.find(id).map(KeyRecord::key)
        : Optional.empty();
  }

  /** Ends a key; whether it was there. */
  public boolean revoke(String id) {
    if (!KeyText.ID.matcher(id).matches()) {
      return false;
    }
    boolean removed = records.remove(id);
    if (cache != null) {
      cache.invalidate(id);
    }
    return removed;
  }

  @Override
  public Authentication authenticate(Credentials credentials, InetAddress peer) {
    boolean mine =
        credentials.scheme().equals(Credentials.API_KEY)
            || (credentials.scheme().equals(Credentials.BEARER)
                && credentials.secret().startsWith(KeyText.PREFIX));
    if (!mine) {
      return new Absent();
    }
    Optional<KeyText> text = KeyText.parse(credentials.secret());
    return text.isEmpty() ? new Refused(Refusal.MALFORMED) : check(text.get());
  }

  private Authentication check(KeyText text) {
    Optional<KeyRecord> found = cached(text.id());
    if (found.isEmpty()) {
      return new Refused(Refusal.UNKNOWN_KEY);
    }
    ApiKey key = found.get().key();
    if (!text.fits(found.get().hash())) {
      return new Refused(Refusal.WRONG_SECRET);
    }
    return key.isExpired(clock.instant())
        ? new Refused(Refusal.EXPIRED)
        : new Authenticated(key.principal(), key.expiresAt());
  }

  /** Not loaded by the cache itself: that would block inside its lock. */
  private Optional<KeyRecord> cached(String id) {
    if (cache == null) {
      return records.find(id);
    }
    Optional<KeyRecord> known = cache.getIfPresent(id);
    if (known == null) {
      known = records.find(id);
      cache.put(id, known);
    }
    return known;
  }

  /** Releases the keys in memory. Any number of calls. */
  @Override
  public void close() {
    try {
      own.close();
    } catch (Exception e) {
      throw new IllegalStateException("memory is released without failure", e);
    }
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final Optional<Path> file;
    private final Optional<KeyValueStore> store;
    private final Set<String> given = new HashSet<>();
    private InstantSource clock = InstantSource.system();
    private LongSupplier nanoTime = System::nanoTime;
    private Duration cacheFor = Duration.ZERO;
    private MeterRegistry registry = new CompositeMeterRegistry();

    private Builder(Optional<Path> file, Optional<KeyValueStore> store) {
      this.file = file;
      this.store = store;
    }

    /** What time it is, for the expiry. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Nanoseconds since some fixed moment, for the cache. Default: {@link System#nanoTime}. */
    public Builder nanoTime(LongSupplier nanoTime) {
      Given.once(given, "nanoTime");
      this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
      return this;
    }

    /**
     * How long what was read of a key is believed, from zero to 5 minutes, and so how much later
     * than here a revoked key is refused on other nodes. Default: zero, every check reads.
     */
    public Builder cacheFor(Duration cacheFor) {
      Given.once(given, "cacheFor");
      this.cacheFor = Objects.requireNonNull(cacheFor, "cacheFor");
      return this;
    }

    /** Where {@code platform.core.identity.file.refused} is counted. Default: nowhere. */
    public Builder meterRegistry(MeterRegistry registry) {
      Given.once(given, "meterRegistry");
      this.registry = Objects.requireNonNull(registry, "registry");
      return this;
    }

    /**
     * Checks everything, and reads the file.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     * @throws io.platformkit.core.PlatformException if the file makes no sense
     */
    public ApiKeys build() {
      List<String> faults = new ArrayList<>();
      Given.requireSpan(faults, "cacheFor", cacheFor, Duration.ZERO, Duration.ofMinutes(5));
      boolean lists =
          store.map(s -> s.capabilities().contains(KeyValueStore.Capability.SCAN)).orElse(true);
      Given.require(faults, "store", "not scannable", lists, "opened as scannable");
      Given.refuse(faults);
      return store
          .map(given -> new ApiKeys(new StoredKeys(given, clock), this, () -> {}))
          .orElseGet(() -> file.map(this::inFile).orElseGet(this::inMemory));
    }

    private ApiKeys inFile(Path path) {
      var refused = registry.counter("platform.core.identity.file.refused", "file", "api-keys");
      return new ApiKeys(new FileKeys(path, refused::increment), this, () -> {});
    }

    private ApiKeys inMemory() {
      var memory =
          InMemoryKeyValueStore.builder().clock(clock).scannable(true).maxEntries(MAX_KEYS).build();
      return new ApiKeys(new StoredKeys(memory, clock), this, memory);
    }
  }
}
