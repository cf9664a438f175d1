package io.platformkit.core.cache;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One load of one key: through the tiers, then from the loader. */
final class OneLoad<K, V> {
  private final Loads<K, V> loads;
  private final Near<K, V> near;
  private final K key;
  private final Load<V> load;
  private final Pass<V> pass;
  private final @Nullable Kept<V> old;

  /**
   * A load that is registered.
   *
   * @param old what is in memory; if it is still fresh, this load is ahead of its end
   */
  OneLoad(
      Loads<K, V> loads, Near<K, V> near, K key, String name, Load<V> load, @Nullable Kept<V> old) {
    this.loads = loads;
    this.near = near;
    this.key = key;
    this.load = load;
    this.old = old;
    this.pass = loads.pass(name, isRefresh());
  }

  private boolean isRefresh() {
    return old != null && old.isFresh(loads.timers.nanoTime());
  }

  K key() {
    return key;
  }

  String name() {
    return pass.name();
  }

  Pass<V> pass() {
    return pass;
  }

  boolean isDone() {
    return load.isDone();
  }

  /**
   * Reads the tiers on this thread, and goes on behind it. If this thread is interrupted, another
   * begins anew: others may wait for this load.
   */
  void readHere() {
    try {
      Stored<V> found = pass.read();
      if (found == null) {
        startLoader();
      } else {
        found(found);
      }
    } catch (Tier.CallerInterruptedException e) {
      start("load", this::readAndLoad);
      throw e;
    } catch (Throwable failure) {
      failed(failure);
      throw failure;
    }
  }

  void startLoader() {
    start("load", this::loadBehind);
  }

  void startRefresh() {
    start("refresh", this::readAndLoad);
  }

  private void start(String what, Loads.Action work) {
    loads.start(what, work, this::failed);
  }

  private void readAndLoad() throws Exception {
    Stored<V> found = pass.read();
    if (found == null) {
      loadBehind();
    } else {
      found(found);
    }
  }

  boolean isAnyTierUp() {
    return pass.isAnyTierUp();
  }

  private void loadBehind() throws Exception {
    loads.inTurn(this);
  }

  /** Whether the tiers have it by now. */
  boolean foundAgain() {
    Stored<V> found = pass.read();
    if (found != null) {
      found(found);
    }
    return found != null;
  }

  void loadAndStore() throws Exception {
    Stored<V> meanwhile = pass.reserve();
    if (meanwhile == null) {
      loaded(loads.load(key));
    } else {
      found(meanwhile);
    }
  }

  /** Stores what the loader gave, and ends. */
  void loaded(Optional<V> value) {
    boolean refresh = isRefresh();
    Stored<V> born = loads.tiers.lifetimes().born(value);
    Stored<V> kept = loads.tiers.lifetimes().isFresh(born) ? pass.store(born).kept() : null;
    if (refresh) {
      loads.tiers.counters().refreshes.increment();
    }
    end(kept == null ? value : kept.value(), kept);
  }

  /** Ends with what a tier had. */
  void found(Stored<V> stored) {
    end(stored.value(), stored);
  }

  private void end(Optional<V> value, @Nullable Stored<V> stored) {
    if (stored != null) {
      near.keep(key, load, loads.tiers.lifetimes().kept(stored));
    }
    near.end(key, load);
    load.complete(value);
  }

  /** Ends with what is in memory already. */
  void found(Kept<V> kept) {
    near.end(key, load);
    load.complete(kept.value());
  }

  /** Ends without a value, or with an old one where that is allowed. */
  void failed(Throwable failure) {
    if (load.isDone()) {
      return;
    }
    long now = loads.timers.nanoTime();
    long retryAt = now + loads.settings.retryAfter().toNanos();
    if (old != null && old.isFresh(now)) {
      loads.tiers.counters().refreshFailures.increment();
      near.keep(key, load, old.dueAt(retryAt - old.freshUntil() < 0 ? retryAt : old.freshUntil()));
    }
    Kept<V> standIn = standIn(now);
    if (standIn == null || failure instanceof CacheSettings.Closed) {
      near.end(key, load);
      load.fail(failure);
    } else {
      loads.tiers.counters().staleServed.increment();
      long until = retryAt - standIn.staleUntil() < 0 ? retryAt : standIn.staleUntil();
      near.keep(key, load, standIn.standingInUntil(until));
      near.end(key, load);
      load.complete(standIn.value());
    }
  }

  private @Nullable Kept<V> standIn(long now) {
    Stored<V> newest = pass.newest();
    Kept<V> found = newest == null ? old : loads.tiers.lifetimes().kept(newest);
    return found != null && !found.isFresh(now) && found.mayStandIn(now) ? found : null;
  }
}
