package io.platformkit.core.http;

import java.util.Optional;

/**
 * One request's use of a thread, from its first byte to the last of the answer. Whoever keeps it
 * waiting on the socket for too long is cut off: an interrupt closes the channel under a blocked
 * read or write.
 */
final class Turn {
  /** What the thread does; in all but {@link #ANSWERING} it may wait for the client. */
  enum Phase {
    RECEIVING,
    ANSWERING,
    SENDING,
    LINGERING,
    OVER
  }

  private final Thread thread = Thread.currentThread();
  private Phase phase = Phase.RECEIVING;
  private long since;
  private boolean cut;

  Turn(long now) {
    since = now;
  }

  synchronized void enter(Phase next, long now) {
    if (phase != Phase.OVER) {
      phase = next;
      since = now;
    }
  }

  /** Interrupts the thread if its phase takes too long; says which one it was. */
  synchronized Optional<Phase> cutIfLate(long now, Limits limits) {
    if (cut || phase == Phase.OVER || now - since <= limits.nanos(phase)) {
      return Optional.empty();
    }
    cut = true;
    thread.interrupt();
    return Optional.of(phase);
  }

  /** Whether the client was too slow. */
  synchronized boolean isCut() {
    return cut;
  }

  /** Interrupts whatever the thread does for the request. */
  synchronized void interrupt() {
    if (phase != Phase.OVER) {
      thread.interrupt();
    }
  }

  /** After this nobody interrupts the thread for this request, which may have another one soon. */
  synchronized void end() {
    phase = Phase.OVER;
    Thread.interrupted();
  }

  /** How long each phase may take. */
  record Limits(long receiveNanos, long sendNanos, long lingerNanos) {
    long nanos(Phase phase) {
      return switch (phase) {
        case RECEIVING -> receiveNanos;
        case SENDING -> sendNanos;
        case LINGERING -> lingerNanos;
        case ANSWERING, OVER -> Long.MAX_VALUE;
      };
    }
  }
}
