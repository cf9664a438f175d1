package io.platformkit.core.lease;

import io.platformkit.core.PlatformException;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on this thread, under a lease that is renewed until it is done. */
final class WorkUnderLease {
  private static final Logger logger = LoggerFactory.getLogger(WorkUnderLease.class);

  private final Lease lease;
  private final LeasedWork work;
  private final Thread worker = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private boolean working = true;
  private boolean interrupted;

  WorkUnderLease(Lease lease, LeasedWork work) {
    this.lease = lease;
    this.work = work;
  }

  void run(Timers timers, Duration ttl) {
    Timers.Timer renewal = timers.every("lease-renewal", ttl.dividedBy(3), this::renew);
    CompletableFuture<Void> loss = lease.lost().thenRun(this::interrupt);
    @Nullable Throwable failure = call();
    boolean held = lease.remaining().isPositive();
    renewal.cancel();
    loss.cancel(false);
    stopInterrupting();
    release();
    conclude(held, failure);
  }

  private void renew() {
    try {
      lease.renew();
    } catch (PlatformException failure) {
      logger.warn("{} could not be renewed; held until its time is over", lease, failure);
    }
  }

  private void interrupt() {
    lock.lock();
    try {
      if (working && !worker.isInterrupted()) {
        interrupted = true;
        worker.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Throwable call() {
    try {
      work.run(lease);
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  /** From here on the flag is that of others. */
  private void stopInterrupting() {
    lock.lock();
    try {
      working = false;
      if (interrupted) {
        Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The work is done, and the lease ends by itself: that it can't be given back changes nothing.
   */
  private void release() {
    boolean flag = Thread.interrupted();
    try {
      lease.release();
    } catch (PlatformException failure) {
      logger.warn("{} could not be given back; it ends by itself", lease, failure);
    } finally {
      if (flag) {
        worker.interrupt();
      }
    }
  }

  private void conclude(boolean held, @Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (!held) {
      LeaseLostException lost = new LeaseLostException(lease.name(), lease.token());
      if (failure != null) {
        lost.addSuppressed(failure);
      }
      throw lost;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (failure instanceof InterruptedException) {
      worker.interrupt();
    }
    if (failure != null) {
      throw new PlatformException("The work under %s failed".formatted(lease), failure);
    }
  }
}
