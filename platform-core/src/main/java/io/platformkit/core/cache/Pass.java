package io.platformkit.core.cache;

import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One load's way through the tiers. It remembers the version that each tier had before anything
 * behind it was asked, and writes only in place of that version: whatever changed or removed the
 * key meanwhile wins. Where there was nothing, it leaves a reservation, whose version stands for
 * "nothing, at that time"; an invalidation removes it. (The leases of memcache do the same:
 * Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, §3.2.1.)
 */
final class Pass<V> {
  /** Of a tier that did not answer, and is not written. */
  private static final long UNKNOWN = -1;

  private final Tiers<V> tiers;
  private final String name;
  private final Predicate<Stored<V>> wanted;
  private final long[] versions;
  private @Nullable Stored<V> newest;
  private boolean counted;

  /** What became of a value that was loaded: what may be kept of it, if anything. */
  record Written<V>(@Nullable Stored<V> kept) {}

  /** A pass that is content with values of a kind. */
  Pass(Tiers<V> tiers, String name, Predicate<Stored<V>> wanted) {
    this.tiers = tiers;
    this.name = name;
    this.wanted = wanted;
    this.versions = new long[tiers.all().size()];
    Arrays.fill(versions, UNKNOWN);
  }

  String name() {
    return name;
  }

  /** The newest value that any tier had, however old. */
  @Nullable Stored<V> newest() {
    return newest;
  }

  /** Whether any tier has answered when it was asked last. */
  boolean isAnyTierUp() {
    return Arrays.stream(versions).anyMatch(version -> version != UNKNOWN);
  }

  /** Reads tier by tier. */
  @Nullable Stored<V> read() {
    for (int i = 0; i < versions.length; i++) {
      Optional<Versioned> answer = tiers.all().get(i).ask(store -> store.get(name));
      Stored<V> found = answer == null ? unanswered(i) : take(i, answer);
      if (found != null) {
        return found;
      }
      if (i < tiers.last()) {
        found = reserve(i);
        if (found != null) {
          return found;
        }
      }
    }
    counted = true;
    return null;
  }

  /** Notes that a tier has not answered: it is not written. */
  @Nullable Stored<V> unanswered(int tier) {
    versions[tier] = UNKNOWN;
    return null;
  }

  /** Takes a tier's answer; the value if it is wanted. */
  @Nullable Stored<V> take(int tier, Optional<Versioned> answer) {
    versions[tier] = answer.map(Versioned::version).orElse(KeyValueStore.ABSENT);
    Stored<V> found = answer.isPresent() ? decode(tier, answer.get()) : null;
    if (found == null || !wanted.test(found)) {
      count(tier, false);
      return null;
    }
    count(tier, true);
    promote(tier, found);
    return found;
  }

  private void count(int tier, boolean hit) {
    if (!counted) {
      TierCounters counters = tiers.all().get(tier).counters;
      (hit ? counters.hits : counters.misses).increment();
    }
  }

  private @Nullable Stored<V> decode(int tier, Versioned versioned) {
    try {
      Stored<V> found = tiers.frames().decode(versioned.value());
      if (found != null && (newest == null || found.expiresAt() > newest.expiresAt())) {
        newest = found;
      }
      return found;
    } catch (RuntimeException unreadable) {
      tiers.all().get(tier).counters.unreadable.increment();
      return null;
    }
  }

  private void promote(int from, Stored<V> found) {
    for (int i = from - 1; i >= 0; i--) {
      write(i, found);
    }
  }

  /** Reserves the last tier, before the loader is asked. */
  @Nullable Stored<V> reserve() {
    return versions.length == 0 ? null : reserve(tiers.last());
  }

  /** Makes sure that the tier has a version to be replaced; what it has got meanwhile. */
  @Nullable Stored<V> reserve(int tier) {
    if (versions[tier] != KeyValueStore.ABSENT) {
      return null;
    }
    Ttl ttl = Ttl.of(tiers.settings().reservation());
    Cas cas =
        tiers
            .all()
            .get(tier)
            .ask(store ->
                store.compareAndSet(name, KeyValueStore.ABSENT, Frames.reservation(), ttl));
    versions[tier] = UNKNOWN;
    if (cas instanceof Cas.Stored(long version)) {
      versions[tier] = version;
    } else if (cas instanceof Cas.Conflict(Optional<Versioned> current) && current.isPresent()) {
      versions[tier] = current.get().version();
      Stored<V> found = decode(tier, current.get());
      return found != null && wanted.test(found) ? found : null;
    }
    return null;
  }

  /**
   * Writes a loaded value wherever nothing came between, deepest tier first. Kept is the value; one
   * that another has stored meanwhile; or nothing, if the key was changed.
   */
  Written<V> store(Stored<V> loaded) {
    Written<V> written = new Written<>(loaded);
    for (int i = tiers.last(); i >= 0; i--) {
      written = write(i, loaded).orElse(written);
    }
    return written;
  }

  /** What came between, if anything did. */
  private Optional<Written<V>> write(int tier, Stored<V> value) {
    if (versions[tier] == UNKNOWN) {
      return Optional.empty();
    }
    byte[] bytes = tiers.frames().encode(value);
    Ttl ttl = tiers.lifetimes().inTier(value);
    Cas cas =
        tiers.all().get(tier).ask(store -> store.compareAndSet(name, versions[tier], bytes, ttl));
    if (!(cas instanceof Cas.Conflict(Optional<Versioned> current))) {
      return Optional.empty();
    }
    tiers.counters().superseded.increment();
    Stored<V> instead = current.isPresent() ? decode(tier, current.get()) : null;
    boolean fresh = instead != null && tiers.lifetimes().isFresh(instead);
    return Optional.of(new Written<>(fresh ? instead : null));
  }
}
