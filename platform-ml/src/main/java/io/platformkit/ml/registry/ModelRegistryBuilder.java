package io.platformkit.ml.registry;

import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Timers;
import io.platformkit.core.log.EventLog;
import io.platformkit.core.store.KeyValueStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Options of a {@link ModelRegistry}; for one thread. */
public final class ModelRegistryBuilder {
  private final KeyValueStore store;
  private final EventLog log;
  private final Set<String> given = new HashSet<>();
  private @Nullable ArtifactStore artifacts;
  private InstantSource clock = InstantSource.system();
  private @Nullable Timers timers;
  private ErrorHandler errors = ErrorHandler.logging();

  ModelRegistryBuilder(KeyValueStore store, EventLog log) {
    this.store = Objects.requireNonNull(store, "store");
    this.log = Objects.requireNonNull(log, "log");
  }

  /** Where the bytes of models are. Default: {@link KeyValueArtifacts} in the same store. */
  public ModelRegistryBuilder artifacts(ArtifactStore artifacts) {
    Given.once(given, "artifacts");
    this.artifacts = Objects.requireNonNull(artifacts, "artifacts");
    return this;
  }

  /** What time it is, for transitions. Default: the system's clock. */
  public ModelRegistryBuilder clock(InstantSource clock) {
    Given.once(given, "clock");
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** Waits for watches. Default: own ones, closed with the registry. */
  public ModelRegistryBuilder timers(Timers timers) {
    Given.once(given, "timers");
    this.timers = Objects.requireNonNull(timers, "timers");
    return this;
  }

  /** Told of what listeners of watches throw. Default: it is logged. */
  public ModelRegistryBuilder errorHandler(ErrorHandler errors) {
    Given.once(given, "errorHandler");
    this.errors = Objects.requireNonNull(errors, "errorHandler");
    return this;
  }

  /**
   * Checks all options; starts nothing.
   *
   * @throws IllegalArgumentException naming every option that is wrong
   */
  public ModelRegistry build() {
    return build(() -> {});
  }

  ModelRegistry build(Runnable closeOwn) {
    List<String> faults = new ArrayList<>();
    Given.require(
        faults,
        "store",
        "not scannable",
        store.capabilities().contains(KeyValueStore.Capability.SCAN),
        "opened as scannable, as KeyValueOptions.scanned() does");
    Given.require(
        faults,
        "log",
        log.capabilities(),
        log.capabilities().contains(EventLog.Capability.CONDITIONAL),
        "one that has the capability CONDITIONAL");
    Given.refuse(faults);
    return new ModelRegistry(this, closeOwn);
  }

  KeyValueStore store() {
    return store;
  }

  EventLog log() {
    return log;
  }

  ArtifactStore artifacts() {
    return artifacts == null ? KeyValueArtifacts.on(store) : artifacts;
  }

  InstantSource clock() {
    return clock;
  }

  @Nullable Timers timers() {
    return timers;
  }

  ErrorHandler errors() {
    return errors;
  }
}
