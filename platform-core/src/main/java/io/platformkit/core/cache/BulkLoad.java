package io.platformkit.core.cache;

import io.platformkit.core.store.Versioned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loads of several keys together: one call of each tier, then one of the loader. Their
 * reservations and values are written one by one, many at once, and no leases are taken.
 */
final class BulkLoad<K, V> {
  private final Loads<K, V> loads;
  private final List<OneLoad<K, V>> members;

  BulkLoad(Loads<K, V> loads, List<OneLoad<K, V>> members) {
    this.loads = loads;
    this.members = members;
  }

  /** Reads the tiers on this thread, and goes on behind it. */
  void readHere() {
    try {
      List<OneLoad<K, V>> missing = members;
      for (int i = 0; i < loads.tiers.all().size() && !missing.isEmpty(); i++) {
        missing = read(i, missing);
      }
      load(missing);
    } catch (Tier.CallerInterruptedException e) {
      load(pending(members));
      throw e;
    } catch (Throwable failure) {
      failed(failure);
      throw failure;
    }
  }

  private List<OneLoad<K, V>> read(int tier, List<OneLoad<K, V>> asked) {
    List<String> names = asked.stream().map(OneLoad::name).toList();
    Map<String, Versioned> answers = loads.tiers.all().get(tier).ask(store -> store.getAll(names));
    for (OneLoad<K, V> one : asked) {
      Stored<V> found =
          answers == null
              ? one.pass().unanswered(tier)
              : one.pass().take(tier, Optional.ofNullable(answers.get(one.name())));
      if (found != null) {
        one.found(found);
      }
    }
    List<OneLoad<K, V>> missing = pending(asked);
    if (tier < loads.tiers.last()) {
      reserve(tier, missing);
    }
    return pending(missing);
  }

  private static <K, V> List<OneLoad<K, V>> pending(List<OneLoad<K, V>> some) {
    return some.stream().filter(one -> !one.isDone()).toList();
  }

  private void reserve(int tier, List<OneLoad<K, V>> missing) {
    Lanes.forEach(
        missing,
        one -> {
          Stored<V> found = one.pass().reserve(tier);
          if (found != null) {
            one.found(found);
          }
        });
  }

  private void load(List<OneLoad<K, V>> missing) {
    if (loads.loadsInBulk() && missing.size() > 1) {
      loads.start("bulk-load", () -> loadAndStore(missing), this::failed);
    } else {
      missing.forEach(OneLoad::startLoader);
    }
  }

  private void loadAndStore(List<OneLoad<K, V>> missing) throws Exception {
    if (loads.tiers.last() >= 0) {
      reserve(loads.tiers.last(), missing);
    }
    Map<K, OneLoad<K, V>> asked = new LinkedHashMap<>();
    pending(missing).forEach(one -> asked.put(one.key(), one));
    if (!asked.isEmpty()) {
      Map<K, V> values = loads.loadAll(asked.keySet());
      Lanes.forEach(
          new ArrayList<>(asked.values()),
          one -> one.loaded(Optional.ofNullable(values.get(one.key()))));
    }
  }

  private void failed(Throwable failure) {
    members.forEach(one -> one.failed(failure));
  }
}
