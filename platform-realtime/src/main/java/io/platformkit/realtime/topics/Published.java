package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A message that was taken.
 *
 * @param id the message's own
 * @param at where it is in the topic's history; empty on a topic without
 * @param duplicate whether its key was known, so that nothing was published
 */
public record Published(String id, Optional<Position> at, boolean duplicate) {
  /**
   * As clients are told: {@code {id, offset, duplicate}}, without {@code offset} on some topics.
   */
  public Map<String, Object> description() {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("id", id);
    at.ifPresent(place -> description.put("offset", place.token()));
    description.put("duplicate", duplicate);
    return description;
  }
}
