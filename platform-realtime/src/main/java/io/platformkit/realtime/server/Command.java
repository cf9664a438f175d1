package io.platformkit.realtime.server;

import org.jspecify.annotations.Nullable;

/**
 * The head of a client's message.
 *
 * @param id the client's own, which its answer bears; null if it wants none
 */
record Command(@Nullable String type, @Nullable String id) {
  /** Of what was not asked for, or could not be read. */
  static final Command NONE = new Command(null, null);
}
