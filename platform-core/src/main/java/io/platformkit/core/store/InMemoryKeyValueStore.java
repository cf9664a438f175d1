package io.platformkit.core.store;

import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.UnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link KeyValueStore}: in this process' memory, gone with it; one object is one
 * namespace. Nothing blocks but for one lock. Each call also removes some of what has expired, more
 * than it adds.
 */
public final class InMemoryKeyValueStore implements KeyValueStore {
  /** How many expired keys a call removes, besides one for each key that it sets. */
  private static final int SWEEP = 16;

  private static final long NEVER = Long.MAX_VALUE;

  private final Lifecycle lifecycle = new Lifecycle("key-value store");
  private final InstantSource clock;
  private final int maxValueBytes;
  private final int maxEntries;
  private final boolean scannable;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final RandomNumbers random = new RandomNumbers();
  private final NavigableMap<String, Stored> entries = new TreeMap<>(Bounds.NAME_ORDER);
  private final TreeSet<Stored> expiring =
      new TreeSet<>(Comparator.comparingLong(Stored::until).thenComparing(Stored::key));

  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out
  private record Stored(String key, byte[] value, long version, long until) {
    Versioned copy() {
      return new Versioned(value.clone(), version);
    }
  }

  private InMemoryKeyValueStore(Builder builder) {
    this.clock = builder.clock;
    this.maxValueBytes = builder.maxValueBytes;
    this.maxEntries = builder.maxEntries;
    this.scannable = builder.scannable;
  }

  /** A store with all defaults. */
  public static InMemoryKeyValueStore create() {
    return builder().build();
  }

  /** Collects the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Optional<Versioned> get(String key) {
    Bounds.requireName("key", key);
    return locked(0, () -> Optional.ofNullable(find(key)).map(Stored::copy));
  }

  @Override
  public Map<String, Versioned> getAll(Collection<String> keys) {
    keys.forEach(key -> Bounds.requireName("key", key));
    return locked(
        0,
        () -> {
          Map<String, Versioned> found = new LinkedHashMap<>();
          for (String key : keys) {
            Stored stored = find(key);
            if (stored != null) {
              found.put(key, stored.copy());
            }
          }
          return found;
        });
  }

  @Override
  public long put(String key, byte[] value, Ttl ttl) {
    requireEntry(key, value);
    Objects.requireNonNull(ttl, "ttl");
    return locked(
        1,
        () -> {
          requireRoom(find(key) == null ? 1 : 0);
          return set(key, value, ttl);
        });
  }

  @Override
  public void putAll(Map<String, byte[]> added, Ttl ttl) {
    added.forEach(this::requireEntry);
    Objects.requireNonNull(ttl, "ttl");
    locked(
        added.size(),
        () -> {
          requireRoom(added.keySet().stream().filter(key -> find(key) == null).count());
          added.forEach((key, value) -> set(key, value, ttl));
          return added.size();
        });
  }

  @Override
  public Cas compareAndSet(String key, long expected, byte[] value, Ttl ttl) {
    requireEntry(key, value);
    Objects.requireNonNull(ttl, "ttl");
    return locked(
        1,
        () -> {
          Stored current = find(key);
          if (versionOf(current) != expected) {
            return conflict(current);
          }
          requireRoom(current == null ? 1 : 0);
          return new Cas.Stored(set(key, value, ttl));
        });
  }

  @Override
  public boolean delete(String key) {
    Bounds.requireName("key", key);
    return locked(0, () -> remove(find(key)));
  }

  @Override
  public Cas deleteIf(String key, long expected) {
    Bounds.requireName("key", key);
    return locked(
        0,
        () -> {
          Stored current = find(key);
          if (versionOf(current) != expected) {
            return conflict(current);
          }
          remove(current);
          return new Cas.Stored(ABSENT);
        });
  }

  @Override
  public Page scan(String prefix, @Nullable String after, int limit) {
    Bounds.requirePrefix("prefix", prefix);
    if (after != null) {
      Bounds.requireName("after", after);
    }
    Bounds.requireCount("limit", limit, 1, MAX_PAGE);
    if (!scannable) {
      lifecycle.requireOpen();
      throw new UnsupportedOperationException(
          "the namespace was not opened as scannable; build the store with scannable(true)");
    }
    return locked(0, () -> page(prefix, after, limit));
  }

  private Page page(String prefix, @Nullable String after, int limit) {
    boolean goesOn = after != null && Bounds.NAME_ORDER.compare(after, prefix) >= 0;
    SortedMap<String, Stored> rest =
        goesOn ? entries.tailMap(after, false) : entries.tailMap(prefix, true);
    LinkedHashMap<String, Versioned> found = new LinkedHashMap<>();
    for (Stored stored : rest.values()) {
      if (!stored.key.startsWith(prefix)) {
        break;
      }
      if (isThere(stored)) {
        if (found.size() == limit) {
          return new Page(found, Optional.of(found.lastEntry().getKey()));
        }
        found.put(stored.key, stored.copy());
      }
    }
    return new Page(found, Optional.empty());
  }

  @Override
  public Set<Capability> capabilities() {
    return scannable ? Set.of(Capability.SCAN) : Set.of();
  }

  private void requireEntry(String key, byte[] value) {
    Bounds.requireName("key", key);
    Bounds.requireValue("value of key '%s'".formatted(key), value, maxValueBytes);
  }

  private void requireRoom(long added) {
    if (added > 0 && entries.size() + added > maxEntries) {
      sweep(Integer.MAX_VALUE);
      if (entries.size() + added > maxEntries) {
        throw new UnavailableException(
            "the store has %d keys and takes at most maxEntries, %d"
                .formatted(entries.size(), maxEntries));
      }
    }
  }

  private @Nullable Stored find(String key) {
    Stored stored = entries.get(key);
    return stored != null && isThere(stored) ? stored : null;
  }

  private boolean isThere(Stored stored) {
    return stored.until > clock.millis();
  }

  private static long versionOf(@Nullable Stored stored) {
    return stored == null ? ABSENT : stored.version;
  }

  private static Cas conflict(@Nullable Stored current) {
    return new Cas.Conflict(Optional.ofNullable(current).map(Stored::copy));
  }

  private long set(String key, byte[] value, Ttl ttl) {
    remove(entries.get(key));
    long version = random.next();
    long until =
        ttl.span().map(Duration::toMillis).map(span -> clock.millis() + span).orElse(NEVER);
    Stored stored = new Stored(key, value.clone(), version, until);
    entries.put(key, stored);
    if (until != NEVER) {
      expiring.add(stored);
    }
    return version;
  }

  private boolean remove(@Nullable Stored stored) {
    if (stored == null) {
      return false;
    }
    entries.remove(stored.key);
    expiring.remove(stored);
    return true;
  }

  private void sweep(int most) {
    for (int i = 0; i < most && !expiring.isEmpty() && !isThere(expiring.first()); i++) {
      remove(expiring.first());
    }
  }

  private <T> T locked(int added, Supplier<T> action) {
    lock.lock();
    try {
      lifecycle.requireOpen();
      sweep(SWEEP + added);
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /** Keys in memory, expired ones too. */
  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lifecycle.close(this::clear);
  }

  private void clear() {
    lock.lock();
    try {
      entries.clear();
      expiring.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Options of the store; for one thread. */
  public static final class Builder {
    private InstantSource clock = InstantSource.system();
    private int maxValueBytes = Bounds.VALUE_BYTES;
    private int maxEntries = 1_000_000;
    private boolean scannable;

    private final Set<String> given = new HashSet<>();

    private Builder() {}

    /** What time it is, for the expiry. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** Largest value, in bytes. Default: {@link Bounds#VALUE_BYTES}. */
    public Builder maxValueBytes(int maxValueBytes) {
      Given.once(given, "maxValueBytes");
      this.maxValueBytes = maxValueBytes;
      return this;
    }

    /** Most keys; one more is refused with {@link UnavailableException}. Default: 1,000,000. */
    public Builder maxEntries(int maxEntries) {
      Given.once(given, "maxEntries");
      this.maxEntries = maxEntries;
      return this;
    }

    /** Whether {@link KeyValueStore#scan} works. Default: no, as on servers. */
    public Builder scannable(boolean scannable) {
      Given.once(given, "scannable");
      this.scannable = scannable;
      return this;
    }

    /**
     * Checks all options.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public InMemoryKeyValueStore build() {
      List<String> faults = new ArrayList<>();
      Given.require(faults, "maxValueBytes", maxValueBytes, maxValueBytes > 0, "at least 1");
      Given.require(faults, "maxEntries", maxEntries, maxEntries > 0, "at least 1");
      Given.refuse(faults);
      return new InMemoryKeyValueStore(this);
    }
  }
}
