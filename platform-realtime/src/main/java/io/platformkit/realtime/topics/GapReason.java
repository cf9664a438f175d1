package io.platformkit.realtime.topics;

import io.platformkit.core.log.Read;

/** Why a subscriber has missed something. */
public enum GapReason {
  /** The topic's history was deleted, has expired or was lost. */
  EPOCH,
  /** The history does not go back that far. */
  TRIMMED,
  /** The server lost messages that were published. */
  ROLLED_BACK,
  /** A topic without history: the connection to the bus was lost, or messages came too fast. */
  MISSED;

  static GapReason of(Read.Reason reason) {
    return switch (reason) {
      case EPOCH -> EPOCH;
      case TRIMMED -> TRIMMED;
      case ROLLED_BACK -> ROLLED_BACK;
    };
  }
}
