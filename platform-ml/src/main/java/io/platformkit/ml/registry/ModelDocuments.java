package io.platformkit.ml.registry;

import io.platformkit.core.Json;
import io.platformkit.core.MalformedJsonException;
import io.platformkit.core.store.Cas;
import io.platformkit.core.store.KeyValueStore;
import io.platformkit.core.store.Page;
import io.platformkit.core.store.Ttl;
import io.platformkit.core.store.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The document of each model, and the way of its transitions into the history. Blocks; safe for
 * concurrent use.
 *
 * <p>A change is done once its document is written. What it has to tell goes to the history after
 * that, by whoever comes first: the one that made it, the next one to make a change, or somebody
 * who asks for the history.
 */
final class ModelDocuments {
  private static final Logger logger = LoggerFactory.getLogger(ModelDocuments.class);
  private static final Json JSON = Json.standard();
  private static final String PREFIX = "model/";

  /** Who loses this often against others does not get on by trying once more. */
  private static final int MAX_TRIES = 1000;

  private static final int PAGE = 50;

  private final KeyValueStore store;
  private final History history;

  /** A document and the version that it is stored with. */
  private record Stored(ModelDocument document, long version) {}

  ModelDocuments(KeyValueStore store, History history) {
    this.store = store;
    this.history = history;
  }

  Optional<ModelDocument> find(String model) {
    return load(model).map(Stored::document);
  }

  private Optional<Stored> load(String model) {
    return store
        .get(PREFIX + model)
        .map(found -> new Stored(decode(model, found), found.version()));
  }

  private static ModelDocument decode(String model, Versioned found) {
    try {
      return JSON.decode(found.value(), ModelDocument.class);
    } catch (MalformedJsonException e) {
      throw new RegistryException(
          model, "document of model '%s' makes no sense: %s".formatted(model, e.getMessage()), e);
    }
  }

  List<ModelDocument> all() {
    List<ModelDocument> all = new ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Page page = store.scan(PREFIX, after.orElse(null), PAGE);
      page.entries()
          .forEach((key, found) -> all.add(decode(key.substring(PREFIX.length()), found)));
      after = page.next();
    } while (after.isPresent());
    return all;
  }

  /**
   * Changes a document, once, whatever others do meanwhile.
   *
   * @param first makes the document of a model that has none
   * @param change may be called again for a newer document; what it throws comes out
   */
  ModelDocument change(
      String model, Supplier<ModelDocument> first, UnaryOperator<ModelDocument> change) {
    ModelDocument changed =
        retried(
            model,
            () -> {
              Stored before =
                  load(model).orElseGet(() -> new Stored(first.get(), KeyValueStore.ABSENT));
              ModelDocument after = change.apply(before.document);
              return write(before, after) ? Optional.of(after) : Optional.empty();
            });
    settleIfPossible(model);
    return changed;
  }

  private boolean write(Stored before, ModelDocument after) {
    String key = PREFIX + after.model();
    return store.compareAndSet(key, before.version, JSON.encode(after), Ttl.NEVER)
        instanceof Cas.Stored;
  }

  /** As {@link #settle}; whatever fails, the change before was made. */
  void settleIfPossible(String model) {
    try {
      settle(model);
    } catch (RuntimeException e) {
      logger.warn(
          "transitions of model '{}' may wait in its document, as its history can't be written: {}",
          model,
          e.toString());
    }
  }

  /** Brings what waits into the history; when this returns, nothing waits that did before. */
  void settle(String model) {
    Boolean unused =
        retried(
            model,
            () ->
                load(model).map(this::settle).orElse(true) ? Optional.of(true) : Optional.empty());
  }

  private boolean settle(Stored stored) {
    ModelDocument document = stored.document;
    if (document.pending().isEmpty()) {
      return true;
    }
    History.Rest rest = history.after(document.model(), document.settled());
    if (document.isBehind(rest)) {
      logger.error(
          "the history of model '{}' has other transitions than its document, of sequence {} or before; was the store set back? It goes on behind them",
          document.model(),
          rest.end().sequence());
      var unused = write(stored, document.behind(rest)); // either way it is looked at again
      return false;
    }
    List<Transition> missing = document.pendingAfter(rest.end().sequence());
    return (missing.isEmpty()
            ? Optional.of(rest.end())
            : history.append(document.model(), rest.end(), missing))
        .filter(end -> write(stored, document.settled(end)))
        .isPresent();
  }

  private static <T> T retried(String model, Supplier<Optional<T>> attempt) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      Optional<T> outcome = attempt.get();
      if (outcome.isPresent()) {
        return outcome.get();
      }
    }
    throw new RegistryException(
        model,
        "document of model '%s' was changed by others %d times meanwhile"
            .formatted(model, MAX_TRIES));
  }
}
