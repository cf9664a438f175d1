package io.platformkit.ml.registry;

import io.platformkit.core.UnavailableException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The stages of all versions of a model, and which transitions are not in its history yet: what is
 * written as one value. Every change makes another document, one or two transitions on.
 *
 * @param versions in the order of their registration
 * @param sequence of the last transition
 * @param changedAt when it was
 * @param settled how far the history is known to have the transitions
 * @param pending the transitions after that, in order
 */
record ModelDocument(
    String model,
    Instant createdAt,
    Map<String, VersionEntry> versions,
    long sequence,
    Instant changedAt,
    HistoryEnd settled,
    List<Transition> pending) {
  /** Most versions of a model: what keeps the document well below a store's largest value. */
  static final int MAX_VERSIONS = 1000;

  /** Most transitions that wait for the log; one change adds two at most. */
  static final int MAX_PENDING = 64;

  ModelDocument {
    versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    pending = List.copyOf(pending);
  }

  /** Of a model without versions. */
  static ModelDocument empty(String model, HistoryEnd history, Instant now) {
    Instant start = later(history.at(), now);
    return new ModelDocument(model, start, Map.of(), history.sequence(), start, history, List.of());
  }

  private static Instant later(Instant last, Instant now) {
    Instant millis = now.truncatedTo(ChronoUnit.MILLIS);
    return millis.isBefore(last) ? last : millis;
  }

  ModelDocument registered(String version, String facts, Instant now, Note note) {
    if (versions.containsKey(version)) {
      throw existing(model, version);
    }
    if (versions.size() >= MAX_VERSIONS) {
      throw new IllegalStateException(
          "model '%s' has %d versions, the most; delete some that are FAILED or RETIRED"
              .formatted(model, MAX_VERSIONS));
    }
    Draft draft = new Draft(now, note);
    draft.register(version, facts);
    return draft.finish();
  }

  static IllegalStateException existing(String model, String version) {
    return new IllegalStateException(
        "model '%s' has or had a version '%s' already; a name of a version is used once"
            .formatted(model, version));
  }

  /** A version in another stage; whichever served before is retired by one that goes to serve. */
  ModelDocument moved(String version, Stage to, Instant now, Note note) {
    Stage from = require(version).stage();
    if (!from.mayBecome(to)) {
      throw IllegalStageException.move(model, version, from, to);
    }
    if (to == Stage.RETIRED) {
      throw IllegalStageException.withoutSuccessor(model, version);
    }
    Draft draft = new Draft(now, note);
    if (to == Stage.PRODUCTION) {
      production().ifPresent(serving -> draft.move(serving, Stage.RETIRED));
    }
    draft.move(version, to);
    return draft.finish();
  }

  /** The version that was retired last serves, and the one that serves is staged. */
  ModelDocument rolledBack(Instant now, Note note) {
    String back =
        latest(Stage.RETIRED, Comparator.comparingLong(VersionEntry::moved))
            .orElseThrow(() -> nothingToComeBack());
    Draft draft = new Draft(now, note);
    production().ifPresent(serving -> draft.move(serving, Stage.STAGED));
    draft.move(back, Stage.PRODUCTION);
    return draft.finish();
  }

  private IllegalStateException nothingToComeBack() {
    return new IllegalStateException(
        "model '%s' has no RETIRED version to come back; production is %s"
            .formatted(model, production().map(now -> "'" + now + "'").orElse("empty")));
  }

  ModelDocument deleted(String version, Instant now, Note note) {
    Stage from = require(version).stage();
    if (!from.mayBeDeleted()) {
      throw IllegalStageException.delete(model, version, from);
    }
    Draft draft = new Draft(now, note);
    draft.delete(version);
    return draft.finish();
  }

  VersionEntry require(String version) {
    VersionEntry entry = versions.get(version);
    if (entry == null) {
      throw unknown(model, version);
    }
    return entry;
  }

  static NoSuchElementException unknown(String model, String version) {
    return new NoSuchElementException("model '%s' has no version '%s'".formatted(model, version));
  }

  /** The version that serves. */
  Optional<String> production() {
    return latest(Stage.PRODUCTION);
  }

  /** Of those in a stage, the one that was registered last. */
  Optional<String> latest(Stage stage) {
    return latest(stage, Comparator.comparingLong(VersionEntry::registered));
  }

  private Optional<String> latest(Stage stage, Comparator<VersionEntry> by) {
    return versions.entrySet().stream()
        .filter(entry -> entry.getValue().stage() == stage)
        .max(Map.Entry.comparingByValue(by))
        .map(Map.Entry::getKey);
  }

  /** The transition that this document was made by, with what it took along before it. */
  Transition last() {
    return pending.getLast();
  }

  /** The transitions after a sequence number that are still here. */
  List<Transition> pendingAfter(long sequence) {
    return pending.stream().filter(waiting -> waiting.sequence() > sequence).toList();
  }

  /** Without what the history has by now. */
  ModelDocument settled(HistoryEnd end) {
    return new ModelDocument(
        model,
        createdAt,
        versions,
        Math.max(sequence, end.sequence()),
        later(changedAt, end.at()),
        end,
        pendingAfter(end.sequence()));
  }

  /** Whether the history has gone on without what waits here: this document was set back. */
  boolean isBehind(History.Rest rest) {
    return pending.stream()
        .anyMatch(waiting ->
            waiting.sequence() <= rest.end().sequence() && !rest.transitions().contains(waiting));
  }

  /** With what waits numbered anew, and not before the end of a history that has gone on. */
  ModelDocument behind(History.Rest rest) {
    List<Transition> behind = new ArrayList<>();
    HistoryEnd end = rest.end();
    for (Transition waiting : pending) {
      if (!rest.transitions().contains(waiting)) {
        long number = end.sequence() + behind.size() + 1;
        behind.add(waiting.moved(number, later(end.at(), waiting.at())));
      }
    }
    return new ModelDocument(
        model,
        createdAt,
        versions,
        end.sequence() + behind.size(),
        later(end.at(), changedAt),
        end,
        behind);
  }

  /** The next document, while its transitions are made. */
  private final class Draft {
    private final Map<String, VersionEntry> next = new LinkedHashMap<>(versions);
    private final List<Transition> transitions = new ArrayList<>(pending);
    private final Instant at;
    private final Note note;
    private long last = sequence;

    Draft(Instant now, Note note) {
      this.at = later(changedAt, now);
      this.note = note;
    }

    void register(String version, String facts) {
      step(version, Optional.empty(), Optional.of(Stage.TRAINING));
      next.put(version, VersionEntry.first(facts, last, at));
    }

    void move(String version, Stage to) {
      VersionEntry entry = require(version);
      step(version, Optional.of(entry.stage()), Optional.of(to));
      next.put(version, entry.moved(to, last, at));
    }

    void delete(String version) {
      step(version, Optional.of(require(version).stage()), Optional.empty());
      next.remove(version);
    }

    private void step(String version, Optional<Stage> from, Optional<Stage> to) {
      transitions.add(new Transition(++last, model, version, from, to, at, note));
    }

    ModelDocument finish() {
      if (transitions.size() > MAX_PENDING) {
        throw new UnavailableException(
            "%d transitions of model '%s' wait for the event log and at most %d may; is the log there?"
                .formatted(pending.size(), model, MAX_PENDING));
      }
      return new ModelDocument(model, createdAt, next, last, at, settled, transitions);
    }
  }
}
