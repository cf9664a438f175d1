package io.platformkit.examples.quickstart;

import io.platformkit.core.Bounds;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.Timers;
import io.platformkit.core.lease.HeldLease;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.LeasedWork;
import io.platformkit.core.lease.Leases;
import io.platformkit.examples.quickstart.LeaseFile.Holder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Leases between the processes of one machine, in a folder that they share: an adapter as a host
 * would write one. Safe for concurrent use.
 */
// @start region="adapter"
public final class FolderLeases implements Leases {
  private final Lifecycle lifecycle = new Lifecycle("folder leases");
  private final Set<HeldLease> taken = ConcurrentHashMap.newKeySet();
  private final SecureRandom random = new SecureRandom();
  private final Path folder;
  private final InstantSource clock;
  private final Timers timers;

  /** Of a folder that exists; closes neither the clock nor the timers. */
  public FolderLeases(Path folder, InstantSource clock, Timers timers) {
    this.folder = folder;
    this.clock = clock;
    this.timers = timers;
  }

  @Override
  public Optional<Lease> tryAcquire(String name, Duration ttl) {
    byte[] bytes = Bounds.requireName("name", name);
    Bounds.requireSpan("ttl", ttl, SHORTEST_TTL, LONGEST_TTL);
    lifecycle.requireOpen();
    var file = new LeaseFile(folder.resolve(UUID.nameUUIDFromBytes(bytes) + ".lease"), clock);
    long owner = random.nextLong();
    long askedAt = timers.nanoTime(); // before the file is asked: validity counts from here
    Holder holder =
        file.change((last, now) -> last.isOver(now) ? last.next(owner, now, ttl) : last);
    if (holder.owner() != owner) {
      return Optional.empty();
    }
    HeldLease lease =
        HeldLease.of(name, holder.token(), ttl, askedAt, timers, held(file, holder, ttl));
    taken.removeIf(past -> past.remaining().isZero());
    taken.add(lease);
    return lease.orGivenBack();
  }

  private static HeldLease.Server held(LeaseFile file, Holder holder, Duration ttl) {
    return new HeldLease.Server() {
      @Override
      public boolean renew() {
        return file.change((last, now) -> last.isHeldBy(holder, now) ? last.until(now, ttl) : last)
            .isHeldBy(holder, file.micros());
      }

      @Override
      public void release() {
        file.change(
            (last, now) -> last.isHeldBy(holder, now) ? last.until(now, Duration.ZERO) : last);
      }
    };
  }

  @Override
  public boolean whileHeld(String name, Duration ttl, LeasedWork work) {
    return HeldLease.whileHeld(this, name, ttl, work, timers);
  }

  @Override
  public void close() {
    lifecycle.close(() -> taken.forEach(HeldLease::giveUp));
  }
}
// @end
