package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import io.platformkit.core.Ids;
import io.platformkit.core.Json;
import io.platformkit.core.MalformedJsonException;
import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The facts of versions, each under a key of its own that the model's document leads to, and the
 * names that are used up. Blocks; safe for concurrent use.
 */
final class FactsStore {
  private static final Logger logger = LoggerFactory.getLogger(FactsStore.class);
  private static final Json JSON = Json.standard();
  private static final int MAX_BYTES = 512 << 10;

  /** How many facts are read at once. */
  private static final int PAGE = 50;

  private static final int MAX_TRIES = 1000;
  private static final byte[] GONE = new byte[0];

  private final KeyValueStore store;
  private final Ids ids = Ids.create();

  FactsStore(KeyValueStore store) {
    this.store = store;
  }

  /** Writes facts that no document names yet; how to name them. */
  String add(String model, String version, VersionFacts facts) {
    String id = ids.next().toString();
    store.put(key(model, version, id), encode(model, version, facts), Ttl.NEVER);
    return id;
  }

  /** Removes facts that no document names any more; if that fails, they lie there for nothing. */
  void clear(String model, String version, String id) {
    try {
      store.delete(key(model, version, id));
    } catch (RuntimeException e) {
      logger.warn(
          "facts {} of version '{}' of model '{}' are of no use and can't be removed: {}",
          id,
          version,
          model,
          e.toString());
    }
  }

  /** Those versions whose facts are there, in the same order. */
  List<ModelVersion> read(String model, Map<String, VersionEntry> versions) {
    Map<String, Versioned> found = load(model, versions);
    List<ModelVersion> read = new ArrayList<>();
    versions.forEach((version, entry) -> {
      Versioned facts = found.get(key(model, version, entry.facts()));
      if (facts != null) {
        read.add(ModelVersion.of(model, version, entry, decode(model, version, facts)));
      }
    });
    return read;
  }

  private Map<String, Versioned> load(String model, Map<String, VersionEntry> versions) {
    List<String> keys = new ArrayList<>();
    versions.forEach((version, entry) -> keys.add(key(model, version, entry.facts())));
    Map<String, Versioned> found = new HashMap<>();
    for (int first = 0; first < keys.size(); first += PAGE) {
      found.putAll(store.getAll(keys.subList(first, Math.min(first + PAGE, keys.size()))));
    }
    return found;
  }

  /**
   * Changes facts, once, whatever others do meanwhile.
   *
   * @return empty if they are not there
   */
  Optional<VersionFacts> change(
      String model, String version, String id, UnaryOperator<VersionFacts> change) {
    String key = key(model, version, id);
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      Optional<Versioned> before = store.get(key);
      if (before.isEmpty()) {
        return Optional.empty();
      }
      VersionFacts after = change.apply(decode(model, version, before.get()));
      byte[] encoded = encode(model, version, after);
      if (store.compareAndSet(key, before.get().version(), encoded, Ttl.NEVER)
          instanceof Cas.Stored) {
        return Optional.of(after);
      }
    }
    throw new RegistryException(
        model,
        "facts of version '%s' of model '%s' were changed by others %d times meanwhile"
            .formatted(version, model, MAX_TRIES));
  }

  /** Keeps a name from being used again. */
  void useUp(String model, String version) {
    store.put(goneKey(model, version), GONE, Ttl.NEVER);
  }

  boolean isUsedUp(String model, String version) {
    return store.get(goneKey(model, version)).isPresent();
  }

  private static byte[] encode(String model, String version, VersionFacts facts) {
    String what = "facts of version '%s' of model '%s'".formatted(version, model);
    return Bounds.requireValue(what, JSON.encode(facts), MAX_BYTES);
  }

  private static VersionFacts decode(String model, String version, Versioned found) {
    try {
      return JSON.decode(found.value(), VersionFacts.class);
    } catch (MalformedJsonException e) {
      throw new RegistryException(
          model,
          "facts of version '%s' of model '%s' make no sense: %s"
              .formatted(version, model, e.getMessage()),
          e);
    }
  }

  private static String key(String model, String version, String id) {
    return "facts/%s/%s/%s".formatted(model, version, id);
  }

  private static String goneKey(String model, String version) {
    return "deleted/%s/%s".formatted(model, version);
  }
}
