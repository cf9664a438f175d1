package io.platformkit.core.identity;

import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keys in a store, each under its id; the store forgets them a day after they have expired. */
final class StoredKeys implements KeyRecords {
  private static final String PREFIX = "api-key/";
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final KeyValueStore store;
  private final InstantSource clock;

  StoredKeys(KeyValueStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public Optional<KeyRecord> find(String id) {
    return store.get(PREFIX + id).map(Versioned::value).map(KeyRecord::decode);
  }

  @Override
  public void add(KeyRecord added) {
    String name = PREFIX + added.key().id();
    Cas outcome = store.compareAndSet(name, KeyValueStore.ABSENT, added.encode(), ttl(added.key()));
    if (outcome instanceof Cas.Conflict) {
      throw new IllegalStateException("key '%s' is there already".formatted(added.key().id()));
    }
  }

  private Ttl ttl(ApiKey key) {
    return key.expiresAt()
        .map(end -> Duration.between(clock.instant(), end).plus(REMEMBERED))
        .filter(span -> span.compareTo(Ttl.LONGEST) <= 0)
        .map(Ttl::of)
        .orElse(Ttl.NEVER);
  }

  @Override
  public List<KeyRecord> list(String after, int limit) {
    Page page = store.scan(PREFIX, PREFIX + after, limit);
    return page.entries().values().stream().map(Versioned::value).map(KeyRecord::decode).toList();
  }

  @Override
  public boolean remove(String id) {
    return store.delete(PREFIX + id);
  }
}
