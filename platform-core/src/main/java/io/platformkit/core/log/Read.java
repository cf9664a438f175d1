package io.platformkit.core.log;

import java.util.List;

/** What is after a position. */
public sealed interface Read {
  /**
   * Nothing is missing.
   *
   * @param entries those after the position, in order and up to the limit; empty at the head
   * @param head where the stream ends now; it may have grown since the entries were read
   */
  record Entries(List<Entry> entries, Position head) implements Read {
    /** Copies. */
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Something after the position is gone, or the position itself never was.
   *
   * @param oldest reading after it gives all that is left
   * @param head where the stream ends now
   */
  record Gap(Reason why, Position oldest, Position head) implements Read {}

  /** Why there is a gap. */
  enum Reason {
    /** The position is of another incarnation: the stream was deleted, has expired or was lost. */
    EPOCH,
    /** Entries after the position were trimmed. */
    TRIMMED,
    /** The server lost entries that it had acknowledged: it was restored from an older copy. */
    ROLLED_BACK
  }
}
