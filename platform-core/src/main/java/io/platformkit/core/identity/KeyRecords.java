package io.platformkit.core.identity;

import java.util.List;
import java.util.Optional;

/** Where keys are kept. Calls block; safe for concurrent use. */
interface KeyRecords {
  Optional<KeyRecord> find(String id);

  void add(KeyRecord added);

  /**
   * At most {@code limit} in the order of their ids, after an id; all ids are after the empty one.
   */
  List<KeyRecord> list(String after, int limit);

  boolean remove(String id);
}
