package io.platformkit.core.cache;

import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store at whose calls a test does something: throw, wait, or change it. */
final class HookedStore implements KeyValueStore {
  private final KeyValueStore store;
  final AtomicInteger calls = new AtomicInteger();
  volatile Runnable before = () -> {};
  volatile Runnable afterRead = () -> {};

  HookedStore(KeyValueStore store) {
    this.store = store;
  }

  private void begin() {
    calls.incrementAndGet();
    before.run();
  }

  @Override
  public Optional<Versioned> get(String key) {
    begin();
    Optional<Versioned> answer = store.get(key);
    afterRead.run();
    return answer;
  }

  @Override
  public Map<String, Versioned> getAll(Collection<String> keys) {
    begin();
    Map<String, Versioned> answer = store.getAll(keys);
    afterRead.run();
    return answer;
  }

  @Override
  public long put(String key, byte[] value, Ttl ttl) {
    begin();
    return store.put(key, value, ttl);
  }

  @Override
  public void putAll(Map<String, byte[]> entries, Ttl ttl) {
    begin();
    store.putAll(entries, ttl);
  }

  @Override
  public Cas compareAndSet(String key, long expected, byte[] value, Ttl ttl) {
    begin();
    return store.compareAndSet(key, expected, value, ttl);
  }

  @Override
  public boolean delete(String key) {
    begin();
    return store.delete(key);
  }

  @Override
  public Cas deleteIf(String key, long expected) {
    begin();
    return store.deleteIf(key, expected);
  }

  @Override
  public Page scan(String prefix, @Nullable String after, int limit) {
    begin();
    return store.scan(prefix, after, limit);
  }

  @Override
  public Set<Capability> capabilities() {
    return store.capabilities();
  }

  @Override
  public void close() {
    store.close();
  }
}
