package io.platformkit.core.store;

import java.util.Optional;

/** What became of a change that was to be made only if a key had a certain version. */
public sealed interface Cas {
  /**
   * It was made.
   *
   * @param version what the key has now; {@link KeyValueStore#ABSENT} after a delete
   */
  record Stored(long version) implements Cas {}

  /**
   * The key had another version; nothing was changed.
   *
   * @param current what is there instead; empty if the key is absent
   */
  record Conflict(Optional<Versioned> current) implements Cas {}
}
