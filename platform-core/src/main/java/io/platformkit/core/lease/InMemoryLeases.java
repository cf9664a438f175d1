package io.platformkit.core.lease;

import io.platformkit.core.Bounds;
import io.platformkit.core.ErrorHandler;
import io.platformkit.core.Given;
import io.platformkit.core.Lifecycle;
import io.platformkit.core.SystemTimers;
import io.platformkit.core.Timers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The embedded {@link Leases}: between the threads of this process; one object is one namespace.
 * Nothing blocks but for one lock, and {@link #whileHeld} for its work.
 *
 * <p>Leases end by the timers' clock, which can't jump. One that is over is forgotten: tokens are
 * the wall clock's microseconds or more than all tokens before, so that they grow without being
 * remembered name by name.
 */
public final class InMemoryLeases implements Leases {
  private final Lifecycle lifecycle = new Lifecycle("leases");
  private final InstantSource clock;
  private final Timers timers;
  private final @Nullable SystemTimers ownTimers;
  private final ReentrantLock lock = new ReentrantLock(); // guards what follows
  private final Map<String, Holding> held = new HashMap<>();
  private long lastToken;

  private InMemoryLeases(Builder builder) {
    this.clock = builder.clock;
    this.ownTimers = builder.timers == null ? SystemTimers.create(builder.errors) : null;
    this.timers = builder.timers == null ? Objects.requireNonNull(ownTimers) : builder.timers;
  }

  /** Leases with all defaults. */
  public static InMemoryLeases create() {
    return builder().build();
  }

  /** Collects the options. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public Optional<Lease> tryAcquire(String name, Duration ttl) {
    Bounds.requireName("name", name);
    Bounds.requireSpan("ttl", ttl, SHORTEST_TTL, LONGEST_TTL);
    lock.lock();
    try {
      lifecycle.requireOpen();
      Holding holder = held.get(name);
      if (holder != null && holder.isLive()) {
        return Optional.empty();
      }
      Holding taken = new Holding(name, ttl, nextToken());
      held.put(name, taken);
      taken.forgetWhenLost();
      return Optional.of(taken.lease);
    } finally {
      lock.unlock();
    }
  }

  private long nextToken() {
    long micros = TimeUnit.MILLISECONDS.toMicros(clock.millis());
    lastToken = Math.max(lastToken + 1, micros);
    return lastToken;
  }

  @Override
  public boolean whileHeld(String name, Duration ttl, LeasedWork work) {
    return HeldLease.whileHeld(this, name, ttl, work, timers);
  }

  /** How many names are held, or were and are not forgotten. */
  int count() {
    lock.lock();
    try {
      return held.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lifecycle.close(() -> {
      holdings().forEach(holding -> holding.lease.giveUp());
      if (ownTimers != null) {
        ownTimers.close();
      }
    });
  }

  private Set<Holding> holdings() {
    lock.lock();
    try {
      return Set.copyOf(held.values());
    } finally {
      lock.unlock();
    }
  }

  /** One lease as the server knows it; over by its own time, not by that of {@link HeldLease}. */
  private final class Holding implements HeldLease.Server {
    private final String name;
    private final Duration ttl;
    private final HeldLease lease;
    private long until;

    Holding(String name, Duration ttl, long token) {
      this.name = name;
      this.ttl = ttl;
      long askedAt = timers.nanoTime();
      extend();
      this.lease = HeldLease.of(name, token, ttl, askedAt, timers, this);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // release throws nothing
    void forgetWhenLost() {
      lease.lost().thenRun(this::release);
    }

    private void extend() {
      until = timers.nanoTime() + ttl.toNanos();
    }

    boolean isLive() {
      return until - timers.nanoTime() > 0;
    }

    @Override
    public boolean renew() {
      lock.lock();
      try {
        lifecycle.requireOpen();
        if (!equals(held.get(name)) || !isLive()) {
          return false;
        }
        extend();
        return true;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void release() {
      lock.lock();
      try {
        held.remove(name, this);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Options of the leases; for one thread. */
  public static final class Builder {
    private InstantSource clock = InstantSource.system();
    private @Nullable Timers timers;
    private ErrorHandler errors = ErrorHandler.logging();

    private final Set<String> given = new HashSet<>();

    private Builder() {}

    /** What time it is, for tokens. Default: the system's clock. */
    public Builder clock(InstantSource clock) {
      Given.once(given, "clock");
      this.clock = Objects.requireNonNull(clock, "clock");
      return this;
    }

    /** What leases end by. Default: system timers of the leases' own. */
    public Builder timers(Timers timers) {
      Given.once(given, "timers");
      this.timers = Objects.requireNonNull(timers, "timers");
      return this;
    }

    /** Told of what fails in own timers. Default: it is logged. */
    public Builder errorHandler(ErrorHandler errors) {
      Given.once(given, "errorHandler");
      this.errors = Objects.requireNonNull(errors, "errorHandler");
      return this;
    }

    /** Starts nothing. */
    public InMemoryLeases build() {
      return new InMemoryLeases(this);
    }
  }
}
