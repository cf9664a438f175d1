package io.platformkit.ml.registry;

import io.platformkit.core.Bounds;
import java.util.Optional;

/**
 * Who made a transition and why, as far as that was said.
 *
 * <pre>{@code
 * registry.promote("churn", "v7", Note.by("ann").because("AUC 0.91 against 0.88"));
 * }</pre>
 *
 * @param actor a name, see {@link Bounds#requireName}
 * @param reason a short text, with the same bounds
 */
public record Note(Optional<String> actor, Optional<String> reason) {
  /** Nothing was said. */
  public static final Note NONE = new Note(Optional.empty(), Optional.empty());

  /** Checks. */
  public Note {
    actor.ifPresent(name -> Bounds.requireName("actor", name));
    reason.ifPresent(text -> Bounds.requireName("reason", text));
  }

  /** Says who. */
  public static Note by(String actor) {
    return new Note(Optional.of(actor), Optional.empty());
  }

  /** The same, and says why. */
  public Note because(String reason) {
    return new Note(actor, Optional.of(reason));
  }
}
