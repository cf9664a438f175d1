package io.platformkit.core.store;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * A part of a scan.
 *
 * @param entries in the order of the keys' bytes
 * @param next what to give as {@code after} for the next page; empty after the last one
 */
public record Page(SequencedMap<String, Versioned> entries, Optional<String> next) {
  /** Copies. */
  public Page {
    entries = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(entries));
  }
}
