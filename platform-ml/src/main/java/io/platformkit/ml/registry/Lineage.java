package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import java.util.Optional;

/**
 * What a version was made of. Each is a name, see {@link Bounds#requireName}, of something that the
 * registry itself does not look up.
 *
 * @param dataset the version of the data that it was trained on
 * @param run the training run that made it
 * @param parent the version of the same model that it goes back to
 */
public record Lineage(Optional<String> dataset, Optional<String> run, Optional<String> parent) {
  /** Nothing is known. */
  public static final Lineage UNKNOWN =
      new Lineage(Optional.empty(), Optional.empty(), Optional.empty());

  /** Checks. */
  public Lineage {
    dataset.ifPresent(name -> Bounds.requireName("dataset", name));
    run.ifPresent(name -> Bounds.requireName("run", name));
    parent.ifPresent(name -> Names.require("parent", name));
  }
}
