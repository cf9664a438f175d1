package io.platformkit.ml.registry;

import java.time.InstantSource;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Everything that makes a transition. */
final class Changes {
  private final ModelDocuments documents;
  private final History history;
  private final InstantSource clock;

  Changes(ModelDocuments documents, History history, InstantSource clock) {
    this.documents = documents;
    this.history = history;
    this.clock = clock;
  }

  /**
   * Names a version in its model's document.
   *
   * @param isUsedUp asked after the document was read, as a deleted version is used up before it
   *     leaves the document
   * @param staged whether it is staged in the same change
   */
  ModelDocument register(NewVersion added, String facts, BooleanSupplier isUsedUp, boolean staged) {
    String model = added.model();
    String version = added.version();
    return documents.change(
        model,
        () -> ModelDocument.empty(model, history.all(model).end(), clock.instant()),
        before -> {
          if (isUsedUp.getAsBoolean()) {
            throw ModelDocument.existing(model, version);
          }
          ModelDocument named = before.registered(version, facts, clock.instant(), added.note());
          return staged ? named.moved(version, Stage.STAGED, clock.instant(), added.note()) : named;
        });
  }

  Transition move(String model, String version, Stage to, Note note) {
    return documents
        .change(
            model,
            unknown(model, version),
            before -> before.moved(version, to, clock.instant(), note))
        .last();
  }

  Transition rollback(String model, Note note) {
    return documents
        .change(
            model,
            () -> {
              throw new NoSuchElementException("there is no model '%s'".formatted(model));
            },
            before -> before.rolledBack(clock.instant(), note))
        .last();
  }

  /**
   * Takes a version out of its model's document.
   *
   * @param useUp keeps its name from being used again; run before that
   */
  Transition delete(String model, String version, Runnable useUp, Note note) {
    return documents
        .change(
            model,
            unknown(model, version),
            before -> {
              ModelDocument after = before.deleted(version, clock.instant(), note);
              useUp.run();
              return after;
            })
        .last();
  }

  private static Supplier<ModelDocument> unknown(String model, String version) {
    return () -> {
      throw ModelDocument.unknown(model, version);
    };
  }
}
