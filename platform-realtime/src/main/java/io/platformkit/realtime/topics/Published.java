package io.platformkit.realtime.topics;

import io.platformkit.core.log.Position;
import java.util.Optional;

/**
 * A message that was taken.
 *
 * @param id the message's own
 * @param at where it is in the topic's history; empty on a topic without
 * @param duplicate whether its key was known, so that nothing was published
 */
public record Published(String id, Optional<Position> at, boolean duplicate) {}
