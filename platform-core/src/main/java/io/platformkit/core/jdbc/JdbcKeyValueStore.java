package io.platformkit.core.jdbc;

import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.OutcomeUnknownException;
import io.platformkit.core.RandomNumbers;
import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueOptions;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keys as rows of one table. Versions tell a change that is tried again from everybody else's. */
final class JdbcKeyValueStore implements KeyValueStore {
  private final Database database;
  private final Session session;
  private final KeyValueOptions options;
  private final ValueTable values;
  private final Lifecycle lifecycle = new Lifecycle("key-value store");
  private final RandomNumbers randoms = new RandomNumbers();

  JdbcKeyValueStore(Database database, KeyValueOptions options) {
    this.database = database;
    this.session = database.session();
    this.options = options;
    this.values = new ValueTable(session, options.namespace());
  }

  @Override
  public Optional<Versioned> get(String key) {
    requireKey(key);
    return session.read(connection -> values.find(connection, key));
  }

  private void requireKey(String key) {
    lifecycle.requireOpen();
    Bounds.requireName("key", key);
  }

  @Override
  public Map<String, Versioned> getAll(Collection<String> keys) {
    lifecycle.requireOpen();
    keys.forEach(key -> Bounds.requireName("key", key));
    Set<String> asked = Set.copyOf(keys);
    return asked.isEmpty() ? Map.of() : session.read(connection -> values.find(connection, asked));
  }

  @Override
  public long put(String key, byte[] value, Ttl ttl) {
    requireKey(key);
    Versioned stored = newVersion(key, value);
    Objects.requireNonNull(ttl, "ttl");
    session.statements((connection, again) -> values.put(connection, key, stored, ttl));
    return stored.version();
  }

  private Versioned newVersion(String key, byte[] value) {
    Objects.requireNonNull(value, "value");
    String property = "value of key '%s'".formatted(key);
    int most = session.settings().maxValueBytes();
    return new Versioned(Bounds.requireValue(property, value, most).clone(), randoms.next());
  }

  @Override
  public void putAll(Map<String, byte[]> entries, Ttl ttl) {
    lifecycle.requireOpen();
    SortedMap<String, Versioned> stored = new TreeMap<>(Bounds.NAME_ORDER);
    entries.forEach((key, value) -> {
      Bounds.requireName("key", key);
      stored.put(key, newVersion(key, value));
    });
    Objects.requireNonNull(ttl, "ttl");
    if (!stored.isEmpty()) {
      session.statements((connection, again) -> values.putAll(connection, stored, ttl));
    }
  }

  @Override
  public Cas compareAndSet(String key, long expected, byte[] value, Ttl ttl) {
    requireKey(key);
    requireVersion(expected);
    Versioned stored = newVersion(key, value);
    Objects.requireNonNull(ttl, "ttl");
    return session.statements(
        (connection, again) -> swap(connection, key, expected, stored, ttl, again));
  }

  private static void requireVersion(long expected) {
    if (expected < 0) {
      throw new IllegalArgumentException(
          "expected was '%d' but it must not be negative".formatted(expected));
    }
  }

  private Cas swap(
      Connection connection, String key, long expected, Versioned stored, Ttl ttl, boolean again)
      throws SQLException {
    while (true) {
      int changed =
          expected == ABSENT
              ? values.putIfAbsent(connection, key, stored, ttl)
              : values.replace(connection, key, expected, stored, ttl);
      if (changed > 0) {
        return new Cas.Stored(stored.version());
      }
      Optional<Versioned> current = values.find(connection, key);
      long version = current.map(Versioned::version).orElse(ABSENT);
      if (version == stored.version()) {
        return new Cas.Stored(version); // by the try whose answer was lost
      }
      if (version != expected) { // otherwise it has changed back between the statements
        return conflict(key, current, again);
      }
    }
  }

  private static Cas conflict(String key, Optional<Versioned> current, boolean again) {
    if (again) {
      throw new OutcomeUnknownException(
          "the answer to a change of key '%s' was lost, and another version is there since"
              .formatted(key),
          new SQLTimeoutException("no answer in time"));
    }
    return new Cas.Conflict(current);
  }

  /** Says what the last try has found: who is told that the key was there has surely removed it. */
  @Override
  public boolean delete(String key) {
    requireKey(key);
    return session.statements((connection, again) -> values.remove(connection, key)) > 0;
  }

  @Override
  public Cas deleteIf(String key, long expected) {
    requireKey(key);
    requireVersion(expected);
    return session.statements((connection, again) -> {
      if (expected != ABSENT && values.remove(connection, key, expected) > 0) {
        return new Cas.Stored(ABSENT);
      }
      Optional<Versioned> current = values.find(connection, key);
      return expected == ABSENT && current.isEmpty()
          ? new Cas.Stored(ABSENT)
          : conflict(key, current, again);
    });
  }

  @Override
  public Page scan(String prefix, @Nullable String after, int limit) {
    lifecycle.requireOpen();
    if (!options.scannable()) {
      throw new UnsupportedOperationException(
          "namespace '%s' was not opened as scannable; open it with KeyValueOptions.scanned()"
              .formatted(options.namespace()));
    }
    Bounds.requirePrefix("prefix", prefix);
    if (after != null) {
      Bounds.requireName("after", after);
    }
    Bounds.requireCount("limit", limit, 1, MAX_PAGE);
    return session.read(connection -> values.scan(connection, prefix, after, limit));
  }

  @Override
  public Set<Capability> capabilities() {
    return options.scannable() ? Set.of(Capability.SCAN) : Set.of();
  }

  @Override
  public void close() {
    lifecycle.close(() -> database.closed(this));
  }
}
