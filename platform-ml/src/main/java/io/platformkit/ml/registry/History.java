package io.platformkit.ml.registry;

import io.platformkit.core.Json;
import io.platformkit.core.MalformedJsonException;
import io.platformkit.core.log.AppendIf;
import io.platformkit.core.log.Entry;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.Position;
import io.platformkit.core.log.Read;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transitions of each model, in a stream of its own. Blocks; safe for concurrent use. */
final class History {
  private static final Logger logger = LoggerFactory.getLogger(History.class);
  private static final Json JSON = Json.standard();
  private static final int PAGE = 1000;

  private final EventLog log;

  /**
   * A part of a history, up to its end.
   *
   * @param transitions in order
   */
  record Rest(List<Transition> transitions, HistoryEnd end) {
    /**
     * Which version served at a time, of a whole history; a hole hides it until the next change.
     */
    Optional<String> productionAt(String model, Instant time) {
      Optional<String> serving = Optional.empty();
      boolean known = true;
      long previous = 0;
      for (Transition next : transitions) {
        known &= next.sequence() == previous + 1;
        if (next.at().isAfter(time)) {
          break;
        }
        previous = next.sequence();
        if (next.starts() || next.ends()) {
          serving = next.starts() ? Optional.of(next.version()) : Optional.empty();
          known = true;
        }
      }
      if (!known) {
        throw new RegistryException(
            model,
            "which version of model '%s' served at %s is not known: its history has lost transitions after sequence %d"
                .formatted(model, time, previous));
      }
      return serving;
    }
  }

  History(EventLog log) {
    this.log = log;
  }

  static String stream(String model) {
    return "model/" + model;
  }

  static Transition decode(String model, Entry entry) {
    try {
      return JSON.decode(entry.data(), Transition.class);
    } catch (MalformedJsonException e) {
      throw new RegistryException(
          model,
          "history of model '%s' has an entry at %s that is no transition"
              .formatted(model, entry.at()),
          e);
    }
  }

  /** All of it. */
  Rest all(String model) {
    return read(model, Position.OLDEST, HistoryEnd.before(log.head(stream(model))));
  }

  /** What came after an end that was seen before; all of it if that end is gone. */
  Rest after(String model, HistoryEnd seen) {
    try {
      return read(model, seen.position(), seen);
    } catch (LostEntriesException e) {
      logger.error(
          "the event log has lost transitions of model '{}', of sequence {} or before: {}",
          model,
          seen.sequence(),
          e.getMessage());
      return all(model);
    }
  }

  private Rest read(String model, Position from, HistoryEnd seen) {
    List<Transition> transitions = new ArrayList<>();
    HistoryEnd end = seen;
    for (Position at = from; ; at = end.position()) {
      List<Entry> entries = page(model, at);
      if (entries.isEmpty()) {
        return new Rest(transitions, end);
      }
      entries.forEach(entry -> transitions.add(decode(model, entry)));
      end = HistoryEnd.of(transitions.getLast(), entries.getLast().at());
    }
  }

  private List<Entry> page(String model, Position after) {
    return switch (log.read(stream(model), after, PAGE)) {
      case Read.Entries(List<Entry> entries, Position head) -> entries;
      case Read.Gap gap -> throw new LostEntriesException(model, gap);
    };
  }

  /** Appends transitions if the history still ends there; empty if it doesn't. */
  Optional<HistoryEnd> append(String model, HistoryEnd end, List<Transition> added) {
    List<byte[]> batch = added.stream().map(JSON::encode).toList();
    return switch (await(log.appendIf(stream(model), end.position(), batch))) {
      case AppendIf.Done(List<Position> positions) ->
          Optional.of(HistoryEnd.of(added.getLast(), positions.getLast()));
      case AppendIf.Moved moved -> Optional.empty();
    };
  }

  private static <T> T await(CompletableFuture<T> outcome) {
    try {
      return outcome.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** The log no longer has what it had acknowledged. */
  private static final class LostEntriesException extends RegistryException {
    private static final long serialVersionUID = 1L;

    LostEntriesException(String model, Read.Gap gap) {
      super(
          model,
          "history of model '%s' is cut: %s, the oldest entry left comes after %s"
              .formatted(model, gap.why(), gap.oldest()));
    }
  }
}
