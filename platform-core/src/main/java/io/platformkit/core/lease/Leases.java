package io.platformkit.core.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * Names that have at most one holder at a time, until it lets go or the lease expires by the
 * server's clock. Every call blocks: bring a virtual thread. Safe for concurrent use.
 *
 * <p>Promises, kept by every implementation and proved by {@code LeasesContract}:
 *
 * <ul>
 *   <li>At most one holder by the server's clock. A holder that was paused beyond its lease learns
 *       of it late: what must never be done twice has to check the {@link Lease#token} where it is
 *       done. After a failover of Redis two holders are possible.
 *   <li>The tokens of one name strictly increase, also after a server has lost its data.
 *   <li>When an answer is lost, the adapter asks again as the same caller: who holds the lease is
 *       not told that it is taken.
 * </ul>
 *
 * <p>Names as {@link io.platformkit.core.Bounds#requireName}. A lease is not reentrant: who holds
 * one and asks again is refused like everyone else.
 */
public interface Leases extends AutoCloseable {
  /** Shortest time to live. */
  Duration SHORTEST_TTL = Duration.ofMillis(50);

  /** Longest time to live. */
  Duration LONGEST_TTL = Duration.ofDays(1);

  /**
   * Takes the lease if nobody holds it.
   *
   * @param ttl until it expires unless it is renewed, from {@link #SHORTEST_TTL} to {@link
   *     #LONGEST_TTL}
   * @return empty if somebody holds it, or if the answer took longer than the lease lasts
   */
  Optional<Lease> tryAcquire(String name, Duration ttl);

  /**
   * Runs the work on this thread if nobody holds the lease, and renews the lease until the work is
   * done. When the lease is lost meanwhile, this thread is interrupted.
   *
   * @return false if somebody holds it, and nothing was done
   * @throws LeaseLostException if the lease was lost before the work was done
   * @throws io.platformkit.core.PlatformException if the work threw a checked exception; others
   *     pass
   */
  boolean whileHeld(String name, Duration ttl, LeasedWork work);

  /** Gives back all leases that are held, as far as the server can be asked. */
  @Override
  void close();
}
