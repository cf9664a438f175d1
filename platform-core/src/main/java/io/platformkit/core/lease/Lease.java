package io.platformkit.core.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A name that is held. Safe for concurrent use. */
public interface Lease {
  /** What is held. */
  String name();

  /**
   * Larger than the token of every holder before. Whoever changes something outside should hand it
   * over there, where a smaller one than the last is refused.
   */
  long token();

  /**
   * How long the lease is surely held, by this process' own clock: counted from before it was asked
   * for, less a margin of 1 % and 2 ms for clocks that go at different speeds. Zero when it is lost
   * or released. Says nothing of a pause between asking this and acting on it.
   */
  Duration remaining();

  /**
   * Holds the lease for its whole time to live from now. Blocks.
   *
   * @return false if it is lost: expired or taken by another
   */
  boolean renew();

  /** Lets go; if the lease is lost, nothing is done. Blocks. Any number of calls. */
  void release();

  /**
   * Completes when this process has found out that the lease is lost: at the end of its time, when
   * a renewal was refused, or when the {@link Leases} were closed. Comes late after a pause. Never
   * completes after {@link #release}.
   */
  CompletableFuture<Void> lost();
}
