package io.platformkit.ml.registry;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One step of one version in the history of its model.
 *
 * @param sequence where in the history of the model: 1, 2, 3 and so on, without holes
 * @param model whose history it is
 * @param version which version it is about
 * @param from the stage before; empty: it was registered
 * @param to the stage after; empty: it was deleted
 * @param at when, in whole milliseconds; never before the transition before
 * @param note who and why
 */
public record Transition(
    long sequence,
    String model,
    String version,
    Optional<Stage> from,
    Optional<Stage> to,
    Instant at,
    Note note) {
  /** Checks that nothing is missing. */
  public Transition {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(note, "note");
  }

  /** Whether the version serves from this step on. */
  public boolean starts() {
    return to.filter(Stage.PRODUCTION::equals).isPresent();
  }

  /** Whether the version served until this step. */
  public boolean ends() {
    return from.filter(Stage.PRODUCTION::equals).isPresent();
  }

  Transition moved(long number, Instant time) {
    return new Transition(number, model, version, from, to, time, note);
  }
}
