package io.platformkit.core.log;

import java.util.List;

/**
 * What a tail tells. Called by one thread at a time, a virtual one, and may block: then its tail
 * alone waits. What it throws goes to the adapter's {@link io.platformkit.core.ErrorHandler}; the
 * entries count as delivered.
 */
public interface TailListener {
  /**
   * Takes the next entries of a stream.
   *
   * @param entries at least one, in order; each comes once
   */
  void onEntries(String stream, List<Entry> entries);

  /**
   * Something was missed; the tail has removed the stream. To go on, add it at another position.
   */
  void onGap(String stream, Read.Gap gap);

  /** How the tail goes has changed. */
  default void onState(State state) {}

  /** How a tail goes. */
  enum State {
    /** Entries come as soon as they are there. */
    LIVE,
    /** Wake-ups are cut or there are none; entries come with the next poll, within 5 seconds. */
    POLLING,
    /** The server can't be read; the tail goes on where it was as soon as it can. */
    FAILING
  }
}
