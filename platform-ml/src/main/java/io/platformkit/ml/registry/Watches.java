package io.platformkit.ml.registry;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import io.platformkit.core.log.EventLog;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The open watches of a registry. */
final class Watches implements AutoCloseable {
  private final EventLog log;
  private final ErrorHandler errors;
  private final ModelDocuments documents;
  private final Timers timers;
  private final @Nullable SystemTimers ownTimers;
  private final Set<HistoryWatch> open = ConcurrentHashMap.newKeySet();

  Watches(ModelRegistryBuilder options, ModelDocuments documents) {
    this.log = options.log();
    this.errors = options.errors();
    this.documents = documents;
    Timers given = options.timers();
    this.ownTimers = given == null ? SystemTimers.create(errors) : null;
    this.timers = given == null ? Objects.requireNonNull(ownTimers) : given;
  }

  ModelWatch open(String model, Consumer<Transition> listener) {
    Objects.requireNonNull(listener, "listener");
    HistoryWatch watch =
        new HistoryWatch(
            model,
            listener,
            log,
            timers,
            errors,
            () -> documents.settleIfPossible(model),
            open::remove);
    open.add(watch);
    return watch;
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(HistoryWatch::close);
    if (ownTimers != null) {
      ownTimers.close();
    }
  }
}
