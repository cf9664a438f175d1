package io.platformkit.core.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.platformkit.core.Given;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many wrong credentials one address may show: a token bucket for each IPv4 address and each
 * /64 of IPv6, in memory. One object for everything that the same callers may try. Safe for
 * concurrent use.
 *
 * <p>Only failures take a token, so right credentials are never refused because others are used
 * behind the same address, until the bucket is empty: then whatever comes from there is refused
 * unseen, right or wrong. Looking at it would tell a guesser what is right, and limit nothing.
 * Requests that run at the same time may pass the limit by as many as run.
 *
 * <p>With more addresses than {@link Builder#maxAddresses} the least used ones are forgotten.
 */
public final class AttemptLimit {
  private static final int IPV6_PREFIX_BYTES = 8;

  private final long allNanos;
  private final long oneNanos;
  private final LongSupplier nanoTime;

  /** When the bucket of an address will be full again. */
  private final Cache<ByteBuffer, Long> fullAt;

  private AttemptLimit(Builder options) {
    oneNanos = TimeUnit.NANOSECONDS.convert(options.refill);
    allNanos = oneNanos * options.attempts;
    nanoTime = options.nanoTime;
    fullAt =
        Caffeine.newBuilder().maximumSize(options.maxAddresses).executor(Runnable::run).build();
  }

  /** All defaults. */
  public static AttemptLimit standard() {
    return builder().build();
  }

  /** Starts with all defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** How long nothing from this address is looked at; zero if it is. */
  public Duration blockedFor(InetAddress peer) {
    Long full = fullAt.getIfPresent(key(peer));
    long missing = full == null ? 0 : Math.max(0, full - nanoTime.getAsLong());
    return Duration.ofNanos(Math.max(0, missing - (allNanos - oneNanos)));
  }

  /** Takes a token for wrong credentials. */
  public void failed(InetAddress peer) {
    long now = nanoTime.getAsLong();
    fullAt
        .asMap()
        .merge(
            key(peer),
            now + oneNanos,
            (full, one) -> now + Math.min(allNanos, Math.max(0, full - now) + oneNanos));
  }

  private static ByteBuffer key(InetAddress peer) {
    byte[] bytes = peer.getAddress();
    int length = Math.min(bytes.length, IPV6_PREFIX_BYTES);
    return ByteBuffer.wrap(Arrays.copyOf(bytes, length));
  }

  /** Collects the options; for one thread. */
  public static final class Builder {
    private final Set<String> given = new HashSet<>();
    private int attempts = 20;
    private Duration refill = Duration.ofSeconds(3);
    private int maxAddresses = 10_000;
    private LongSupplier nanoTime = System::nanoTime;

    private Builder() {}

    /** Failures that a bucket holds, from 1 to 1,000. Default: 20. */
    public Builder attempts(int attempts) {
      Given.once(given, "attempts");
      this.attempts = attempts;
      return this;
    }

    /** How long one more takes to come, from 1 ms to 1 hour. Default: 3 seconds. */
    public Builder refill(Duration refill) {
      Given.once(given, "refill");
      this.refill = Objects.requireNonNull(refill, "refill");
      return this;
    }

    /** Most addresses that are remembered, from 1 to 10,000,000. Default: 10,000. */
    public Builder maxAddresses(int maxAddresses) {
      Given.once(given, "maxAddresses");
      this.maxAddresses = maxAddresses;
      return this;
    }

    /** Nanoseconds since some fixed moment. Default: {@link System#nanoTime}. */
    public Builder nanoTime(LongSupplier nanoTime) {
      Given.once(given, "nanoTime");
      this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
      return this;
    }

    /**
     * Checks everything.
     *
     * @throws IllegalArgumentException naming every option that is wrong
     */
    public AttemptLimit build() {
      List<String> faults = new ArrayList<>();
      Given.require(
          faults, "attempts", attempts, attempts >= 1 && attempts <= 1000, "from 1 to 1000");
      Given.requireSpan(faults, "refill", refill, Duration.ofMillis(1), Duration.ofHours(1));
      boolean bounded = maxAddresses >= 1 && maxAddresses <= 10_000_000;
      Given.require(faults, "maxAddresses", maxAddresses, bounded, "from 1 to 10000000");
      Given.refuse(faults);
      return new AttemptLimit(this);
    }
  }
}
