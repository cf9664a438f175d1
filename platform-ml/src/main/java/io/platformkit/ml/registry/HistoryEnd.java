package io.platformkit.ml.registry;

import io.platformkit.core.log.Position;
import java.time.Instant;

/**
 * Where a history ends, as far as was seen.
 *
 * @param sequence of the last transition; zero before the first
 * @param at when that was
 * @param token the position of its entry, see {@link Position#token}
 */
record HistoryEnd(long sequence, Instant at, String token) {
  static HistoryEnd before(Position first) {
    return new HistoryEnd(0, Instant.EPOCH, first.token());
  }

  static HistoryEnd of(Transition last, Position position) {
    return new HistoryEnd(last.sequence(), last.at(), position.token());
  }

  Position position() {
    return Position.parse(token);
  }
}
