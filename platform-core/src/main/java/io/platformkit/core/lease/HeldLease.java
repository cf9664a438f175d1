package io.platformkit.core.lease;

import io.platformkit.core.Timers;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The holder's side of a lease, for adapters: local validity, loss, renewal while work runs. */
public final class HeldLease implements Lease {
  private static final Duration MARGIN = Duration.ofMillis(2);

  private final String name;
  private final long token;
  private final long valid;
  private final Timers timers;
  private final Server server;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private State state = State.HELD;
  private long end;
  private Timers.@Nullable Timer endOfTime;
  private boolean givenBack;

  private enum State {
    HELD,
    LOST,
    RELEASED
  }

  /** What an adapter gives; both block. */
  public interface Server {
    /** Renews for the whole time to live; false if name, token and owner are not what is held. */
    boolean renew();

    /** Lets go if name, token and owner are what is held. */
    void release();
  }

  private HeldLease(
      String name, long token, Duration ttl, long askedAt, Timers timers, Server server) {
    this.name = name;
    this.token = token;
    this.valid = ttl.minus(ttl.dividedBy(100)).minus(MARGIN).toNanos();
    this.timers = timers;
    this.server = server;
    this.end = askedAt + valid;
  }

  /**
   * A lease that was just taken. It may be over already: see {@link #orGivenBack}.
   *
   * @param askedAt {@link Timers#nanoTime} before the request was sent
   */
  public static HeldLease of(
      String name, long token, Duration ttl, long askedAt, Timers timers, Server server) {
    HeldLease lease =
        new HeldLease(
            Objects.requireNonNull(name, "name"),
            token,
            ttl,
            askedAt,
            timers,
            Objects.requireNonNull(server, "server"));
    lease.awaitEnd();
    return lease;
  }

  /** {@link Leases#whileHeld} for any leases. */
  public static boolean whileHeld(
      Leases leases, String name, Duration ttl, LeasedWork work, Timers timers) {
    Objects.requireNonNull(work, "work");
    Optional<Lease> taken = leases.tryAcquire(name, ttl);
    taken.ifPresent(lease -> new WorkUnderLease(lease, work).run(timers, ttl));
    return taken.isPresent();
  }

  /**
   * This lease, or empty if the answer took longer than it lasts; then it was given back. What
   * {@link Leases#tryAcquire} answers.
   */
  public Optional<Lease> orGivenBack() {
    if (remaining().isPositive()) {
      return Optional.of(this);
    }
    release();
    return Optional.empty();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public Duration remaining() {
    lock.lock();
    try {
      return state == State.HELD
          ? Duration.ofNanos(Math.max(0, end - timers.nanoTime()))
          : Duration.ZERO;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean renew() {
    if (remaining().isZero()) {
      return lose();
    }
    long askedAt = timers.nanoTime();
    if (!server.renew()) {
      return lose();
    }
    if (extend(askedAt + valid)) {
      return true;
    }
    server.release(); // renewed there for nobody
    return lose();
  }

  private boolean extend(long until) {
    lock.lock();
    try {
      if (state != State.HELD || until - timers.nanoTime() <= 0) {
        return false;
      }
      end = until - end > 0 ? until : end;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Ends it unless it was released; always false, as the answer to a renewal. */
  private boolean lose() {
    if (leave(State.LOST)) {
      lost.complete(null);
    }
    return false;
  }

  private boolean leave(State next) {
    lock.lock();
    try {
      if (state != State.HELD) {
        return false;
      }
      state = next;
      if (endOfTime != null) {
        endOfTime.cancel();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd() {
    lock.lock();
    try {
      if (state == State.HELD) {
        Duration left = Duration.ofNanos(Math.max(0, end - timers.nanoTime()));
        endOfTime = timers.after("lease-end", left, this::endOrWaitOn);
      }
    } finally {
      lock.unlock();
    }
  }

  private void endOrWaitOn() {
    if (remaining().isZero()) {
      lose();
    } else {
      awaitEnd();
    }
  }

  @Override
  public void release() {
    leave(State.RELEASED);
    if (isToBeGivenBack()) {
      server.release();
      lock.lock();
      try {
        givenBack = true;
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Ends it for its holder and on the server, because the leases that it is of are closed: {@link
   * #lost} completes.
   */
  public void giveUp() {
    if (leave(State.LOST)) {
      lost.complete(null);
      server.release();
    }
  }

  private boolean isToBeGivenBack() {
    lock.lock();
    try {
      return state == State.RELEASED && !givenBack;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CompletableFuture<Void> lost() {
    return lost.copy();
  }

  @Override
  public String toString() {
    return "lease '%s' with token %d".formatted(name, token);
  }
}
