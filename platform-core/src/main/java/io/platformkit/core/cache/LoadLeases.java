package io.platformkit.core.cache;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Timers;
import io.platformkit.core.lease.Lease;
import io.platformkit.core.lease.Leases;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one of all nodes load a key, while the others look whether it is done. A lease that is lost
 * ends nothing: it keeps loads few, and reservations keep them right.
 */
final class LoadLeases {
  private static final Logger log = LoggerFactory.getLogger(LoadLeases.class);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Leases leases;
  private final Timers timers;
  private final CacheSettings settings;
  private final Watch watch;
  private final Circuit circuit;

  LoadLeases(Leases leases, Timers timers, CacheSettings settings) {
    this.leases = leases;
    this.timers = timers;
    this.settings = settings;
    this.watch = new Watch(timers, settings.tierTimeout());
    this.circuit = new Circuit(timers, settings.tierPause());
  }

  void inTurn(OneLoad<?, ?> load) throws Exception {
    boolean ended = false;
    while (!ended && !load.isDone()) {
      ended = ends(load);
    }
  }

  private boolean ends(OneLoad<?, ?> load) throws Exception {
    if (!load.isAnyTierUp() || !circuit.admits()) {
      load.loadAndStore(); // nobody would find it
      return true;
    }
    Optional<Lease> lease;
    try {
      lease = watch.within(() -> leases.tryAcquire(load.name(), settings.leaseTtl()));
      circuit.succeeded();
    } catch (PlatformException | Watch.OverdueException failure) {
      failed(failure);
      load.loadAndStore();
      return true;
    }
    if (lease.isPresent()) {
      holding(lease.get(), load);
      return true;
    }
    pause();
    return load.foundAgain();
  }

  private void failed(RuntimeException failure) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    circuit.failed();
    log.warn("cache '{}' loads without a lease", settings.name(), failure);
  }

  private void holding(Lease lease, OneLoad<?, ?> load) throws Exception {
    Timers.Timer renewal =
        timers.every("cache-lease", settings.leaseTtl().dividedBy(3), () -> renew(lease));
    try {
      if (!load.foundAgain()) {
        load.loadAndStore();
      }
    } finally {
      renewal.cancel();
      release(lease);
    }
  }

  private static void renew(Lease lease) {
    try {
      lease.renew();
    } catch (PlatformException failure) {
      log.warn("lease {} could not be renewed; held until it ends", lease.token(), failure);
    }
  }

  private void release(Lease lease) {
    boolean flag = Thread.interrupted();
    try {
      watch.within(() -> {
        lease.release();
        return lease;
      });
    } catch (PlatformException | Watch.OverdueException failure) {
      log.warn("lease {} could not be given back; it ends by itself", lease.token(), failure);
    } finally {
      if (flag) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void pause() throws Exception {
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    timers.after("cache-lease-wait", POLL, () -> over.complete(true));
    over.get();
  }
}
