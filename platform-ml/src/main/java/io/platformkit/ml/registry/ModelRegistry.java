package io.platformkit.ml.registry;

import io.platformkit.core.Lifecycle;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.log.InMemoryEventLog;
import io.platformkit.core.store.InMemoryKeyValueStore;
import io.platformkit.core.store.KeyValueStore;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The versions of models: what is known of each, in which {@link Stage} each is, which one serves
 * and which one served at any time before. Safe for concurrent use, also by registries of other
 * processes on the same store and log. Every call blocks: bring a virtual thread.
 *
 * <ul>
 *   <li>A change of stages is one write of one value, with all that belongs to it: a version goes
 *       into production and its predecessor is retired in the same moment, or neither. At most one
 *       version of a model is in production, whoever races.
 *   <li>A change that has returned is made, for everyone. After an {@link
 *       io.platformkit.core.OutcomeUnknownException} look at the version; any other exception means
 *       that no stage was changed.
 *   <li>Every change is in {@link #history} once, in order and without holes. It gets into the
 *       event log after it was made: by the same call, or if that fails or dies, by the next change
 *       of the model, the next reader of its history or a {@link #watch} within 5 seconds. Where
 *       the log stays away, {@value #MAX_WAITING} transitions of a model wait for it at most; a
 *       change beyond is refused with {@link io.platformkit.core.UnavailableException}.
 *   <li>Times in a history never decrease, also where clocks of nodes differ or jump back: a
 *       transition is at least as late as the one before.
 * </ul>
 *
 * <p>Names of models and versions have 1 to 128 letters, digits and {@code . _ + -}, and begin with
 * a letter or digit. A bad name is an {@link IllegalArgumentException}; a change of a version that
 * is not there is a {@link NoSuchElementException}; a move that is not legal is an {@link
 * IllegalStageException}; what reads answers empty for what is not there.
 */
public final class ModelRegistry implements AutoCloseable {
  /** Most versions of one model at a time; old ones can be {@link #delete deleted}. */
  public static final int MAX_VERSIONS = ModelDocument.MAX_VERSIONS;

  /** Most transitions of one model that wait for an event log that is away. */
  public static final int MAX_WAITING = ModelDocument.MAX_PENDING;

  private final ModelDocuments documents;
  private final History history;
  private final FactsStore facts;
  private final Versions versions;
  private final Artifacts artifacts;
  private final Watches watches;
  private final Changes changes;
  private final Runnable closeOwn;
  private final Lifecycle lifecycle = new Lifecycle("model registry");

  ModelRegistry(ModelRegistryBuilder options, Runnable closeOwn) {
    history = new History(options.log());
    documents = new ModelDocuments(options.store(), history);
    facts = new FactsStore(options.store());
    versions = new Versions(documents, facts);
    artifacts = new Artifacts(options.artifacts());
    changes = new Changes(documents, history, options.clock());
    watches = new Watches(options, documents);
    this.closeOwn = closeOwn;
  }

  /** Whether a model or a version may be called so. */
  public static boolean isName(String text) {
    return Names.isName(text);
  }

  /** Everything in this process' memory, gone with it. */
  public static ModelRegistry inMemory() {
    InMemoryKeyValueStore store = InMemoryKeyValueStore.builder().scannable(true).build();
    InMemoryEventLog log = InMemoryEventLog.create();
    return builder(store, log)
        .build(() -> {
          log.close();
          store.close();
        });
  }

  /**
   * Collects the options. Store and log stay the caller's, and belong together: the same two for
   * all registries of the same models, and nothing else in their namespaces.
   *
   * @param store opened as scannable
   * @param log one that can append {@link EventLog.Capability#CONDITIONAL conditionally} and whose
   *     streams never expire
   */
  public static ModelRegistryBuilder builder(KeyValueStore store, EventLog log) {
    return new ModelRegistryBuilder(store, log);
  }

  /**
   * Registers a version that is in {@link Stage#TRAINING}. Its artifact may come later.
   *
   * @throws IllegalStateException if the model has or had a version of that name, or has {@value
   *     #MAX_VERSIONS} versions
   */
  public ModelVersion register(NewVersion added) {
    return register(added, added.facts(), false);
  }

  /**
   * Registers a version that is trained: with its artifact, and {@link Stage#STAGED}. Its history
   * has two transitions.
   *
   * @param artifact not changed by the caller until this returns
   * @throws IllegalStateException as {@link #register(NewVersion)}
   */
  public ModelVersion register(NewVersion added, byte[] artifact) {
    Artifact kept = artifacts.put(added.model(), added.version(), artifact);
    return register(added, added.facts().artifact(kept), true);
  }

  private ModelVersion register(NewVersion added, VersionFacts known, boolean staged) {
    String model = added.model();
    String version = added.version();
    String id = facts.add(model, version, known);
    try {
      ModelDocument document =
          changes.register(added, id, () -> facts.isUsedUp(model, version), staged);
      return ModelVersion.of(model, version, document.require(version), known);
    } catch (IllegalStateException refused) {
      facts.clear(model, version, id);
      throw refused;
    }
  }

  /**
   * Gives a version its artifact; the same one may be given again.
   *
   * @param artifact not changed by the caller until this returns
   * @throws IllegalStateException if it has another one
   */
  public ModelVersion attach(String model, String version, byte[] artifact) {
    require(model, version);
    Artifact kept = artifacts.put(model, version, artifact);
    return update(
        model,
        version,
        known -> {
          if (known.artifact().filter(has -> !has.sha256().equals(kept.sha256())).isPresent()) {
            throw new IllegalStateException(
                "version '%s' of model '%s' has another artifact; register a new version"
                    .formatted(version, model));
          }
          return known.artifact().isPresent() ? known : known.artifact(kept);
        });
  }

  /** Adds metrics to a version, or replaces those of the same names; finite numbers. */
  public ModelVersion putMetrics(String model, String version, Map<String, Double> metrics) {
    return update(
        model,
        version,
        known -> known.metrics(Facts.requireNumbers("metric", merged(known.metrics(), metrics))));
  }

  /** Adds tags to a version, or replaces those of the same names. */
  public ModelVersion putTags(String model, String version, Map<String, String> tags) {
    return update(
        model, version, known -> known.tags(Facts.requireTexts("tag", merged(known.tags(), tags))));
  }

  /** Removes tags of a version by their names. */
  public ModelVersion removeTags(String model, String version, Set<String> names) {
    return update(
        model,
        version,
        known -> {
          Map<String, String> rest = new TreeMap<>(known.tags());
          rest.keySet().removeAll(names);
          return known.tags(rest);
        });
  }

  private static <V> Map<String, V> merged(Map<String, V> known, Map<String, V> added) {
    Map<String, V> all = new TreeMap<>(known);
    all.putAll(added);
    return all;
  }

  private ModelVersion update(String model, String version, UnaryOperator<VersionFacts> change) {
    VersionEntry entry = require(model, version);
    return facts
        .change(model, version, entry.facts(), change)
        .map(changed -> ModelVersion.of(model, version, entry, changed))
        .orElseThrow(() -> ModelDocument.unknown(model, version));
  }

  private VersionEntry require(String model, String version) {
    Names.require("version", version);
    return find(model).orElseThrow(() -> ModelDocument.unknown(model, version)).require(version);
  }

  private Optional<ModelDocument> find(String model) {
    return documents.find(Names.require("model", model));
  }

  /** As {@link #transition(String, String, Stage, Note)}, with nothing said. */
  public Transition transition(String model, String version, Stage to) {
    return transition(model, version, to, Note.NONE);
  }

  /**
   * Moves a version to another stage. One that goes into production retires the one that is there.
   *
   * @return the last transition of this change
   * @throws IllegalStageException if {@link Stage#mayBecome} says no, or if it would be retired
   *     without a successor
   */
  public Transition transition(String model, String version, Stage to, Note note) {
    Names.require("model", model);
    Names.require("version", version);
    return changes.move(model, version, to, note);
  }

  /** As {@link #promote(String, String, Note)}, with nothing said. */
  public Transition promote(String model, String version) {
    return promote(model, version, Note.NONE);
  }

  /** Moves a version into production; a retired one, too. The one that is there is retired. */
  public Transition promote(String model, String version, Note note) {
    return transition(model, version, Stage.PRODUCTION, note);
  }

  /** As {@link #rollback(String, Note)}, with nothing said. */
  public Transition rollback(String model) {
    return rollback(model, Note.NONE);
  }

  /**
   * Brings back the version that was retired last, which is the one that served before. The version
   * that serves is {@link Stage#STAGED}, not retired: the next rollback goes one further back, and
   * what turned out to be bad can be marked as {@link Stage#FAILED}.
   *
   * @return the transition of the version that serves now
   * @throws IllegalStateException if no version is retired
   */
  public Transition rollback(String model, Note note) {
    return changes.rollback(Names.require("model", model), note);
  }

  /** As {@link #delete(String, String, Note)}, with nothing said. */
  public Transition delete(String model, String version) {
    return delete(model, version, Note.NONE);
  }

  /**
   * Forgets a version that is {@link Stage#FAILED} or {@link Stage#RETIRED}, with its facts. Its
   * history stays, its name is not used again, and its artifact, which other versions may share,
   * stays in the artifact store.
   *
   * @throws IllegalStageException if it is in another stage
   */
  public Transition delete(String model, String version, Note note) {
    String id = require(model, version).facts();
    Transition deleted = changes.delete(model, version, () -> facts.useUp(model, version), note);
    facts.clear(model, version, id);
    return deleted;
  }

  /** What is known of a version. */
  public Optional<ModelVersion> version(String model, String version) {
    Names.require("version", version);
    return versions.one(Names.require("model", model), document -> Optional.of(version));
  }

  /** The version that serves. */
  public Optional<ModelVersion> production(String model) {
    return latest(model, Stage.PRODUCTION);
  }

  /** Of the versions in a stage, the one that was registered last. */
  public Optional<ModelVersion> latest(String model, Stage stage) {
    return versions.one(Names.require("model", model), document -> document.latest(stage));
  }

  /** All versions of a model, the one that was registered last comes first. */
  public List<ModelVersion> versions(String model) {
    return versions.all(Names.require("model", model), stage -> true);
  }

  /** All versions of a model that are in a stage, the one that was registered last comes first. */
  public List<ModelVersion> versions(String model, Stage stage) {
    return versions.all(Names.require("model", model), stage::equals);
  }

  /**
   * The stage of each version of a model, the one that was registered last comes first; empty if
   * there is no such model. Reads less than {@link #versions(String)}: none of the facts.
   */
  public SequencedMap<String, Stage> stages(String model) {
    return Collections.unmodifiableSequencedMap(versions.stages(Names.require("model", model)));
  }

  /** All models, newest first. */
  public List<ModelSummary> models() {
    return documents.all().stream()
        .map(ModelSummary::of)
        .sorted(Comparator.comparing(ModelSummary::createdAt).reversed())
        .toList();
  }

  /**
   * Every transition of a model that was made before the call, in order. Reads all of it: some
   * hundred bytes each.
   *
   * <p>Sequence numbers have no holes, unless the event log has lost what it had acknowledged, as a
   * server does that was restored from an older copy.
   */
  public List<Transition> history(String model) {
    return rest(model).map(History.Rest::transitions).orElse(List.of());
  }

  private Optional<History.Rest> rest(String model) {
    if (find(model).isEmpty()) {
      return Optional.empty();
    }
    documents.settle(model);
    return Optional.of(history.all(model));
  }

  /**
   * The version that served at a time: of all transitions up to then, that time included, the last
   * that was into or out of production says so. Of a time to come it answers as of now.
   *
   * @return the name of the version, also where it was deleted meanwhile; empty if none served, as
   *     before the first
   * @throws RegistryException if the history has lost the transitions that would tell
   */
  public Optional<String> productionAt(String model, Instant time) {
    Optional<ModelDocument> now = find(model);
    return now.isEmpty() || !time.isBefore(now.get().changedAt())
        ? now.flatMap(ModelDocument::production)
        : rest(model).flatMap(all -> all.productionAt(model, time));
  }

  /**
   * The bytes of a version, the caller's own; their SHA-256 is checked every time.
   *
   * @throws NoSuchElementException if there is no such version, or it has no artifact
   * @throws ArtifactMismatchException if they are not what was registered
   * @throws RegistryException if they can't be read
   */
  public byte[] artifact(String model, String version) {
    Artifact kept =
        version(model, version)
            .orElseThrow(() -> ModelDocument.unknown(model, version))
            .artifact()
            .orElseThrow(() ->
                new NoSuchElementException(
                    "version '%s' of model '%s' has no artifact".formatted(version, model)));
    return artifacts.get(model, version, kept);
  }

  /**
   * Tells of every transition of a model from now on, whoever makes it, by one thread at a time and
   * in order. The model need not be there yet. To follow what serves, watch first and ask for
   * {@link #production} then, and again whenever a transition {@link Transition#starts starts} or
   * {@link Transition#ends ends} it.
   *
   * <p>At least once: transitions that were made a moment before the call may come too, and after
   * the event log was set back to an older copy the whole history comes again. Otherwise each comes
   * once. They come as soon as the log tells of them, at the latest 10 seconds after they were made
   * by a process that died over it. What the listener throws goes to the error handler, and the
   * next transition comes all the same.
   *
   * @throws IllegalStateException if the registry is closed
   */
  public ModelWatch watch(String model, Consumer<Transition> listener) {
    lifecycle.requireOpen();
    return watches.open(Names.require("model", model), listener);
  }

  /** Ends all watches. Store, log and artifacts stay open, but for those of {@link #inMemory}. */
  @Override
  public void close() {
    lifecycle.close(() -> {
      watches.close();
      closeOwn.run();
    });
  }
}
