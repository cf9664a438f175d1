package io.platformkit.core.log;

import java.util.List;

/** What became of an append that was to be made only at a certain head. */
public sealed interface AppendIf {
  /**
   * All entries were appended.
   *
   * @param positions of the entries, in order
   */
  record Done(List<Position> positions) implements AppendIf {
    /** Copies. */
    public Done {
      positions = List.copyOf(positions);
    }
  }

  /**
   * The stream had another head; nothing was appended.
   *
   * @param head what it is instead
   */
  record Moved(Position head) implements AppendIf {}
}
