package io.platformkit.core.http;

import io.platformkit.core.Given;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What every server of endpoints bounds, whichever it is; each part is an option of its builder,
 * which checks them.
 *
 * @param maxBodyBytes as {@link Builder#maxBodyBytes}, and so on
 */
public record RequestBounds(
    int maxBodyBytes,
    int maxTargetLength,
    int maxConcurrentRequests,
    Duration receiveTimeout,
    Duration sendTimeout,
    Predicate<InetAddress> trustedProxies) {
  private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);

  /** How often a server looks whether a client takes too long. */
  public Duration sweepPeriod() {
    Duration shorter = receiveTimeout.compareTo(sendTimeout) < 0 ? receiveTimeout : sendTimeout;
    Duration period = shorter.dividedBy(4).plusMillis(1);
    return period.compareTo(LONGEST_SWEEP) < 0 ? period : LONGEST_SWEEP;
  }

  /** The options that builders of servers have in common; for one thread. */
  public abstract static class Builder<B extends Builder<B>> {
    /** Default of {@link #maxBodyBytes}: 1 MiB. */
    public static final int DEFAULT_MAX_BODY_BYTES = 1 << 20;

    /** Default of {@link #maxTargetLength}. */
    public static final int DEFAULT_MAX_TARGET_LENGTH = 8192;

    /** Default of {@link #maxConcurrentRequests}. */
    public static final int DEFAULT_MAX_CONCURRENT_REQUESTS = 256;

    /** Longest head, and longest part of it, that may be allowed. */
    protected static final int LARGEST_HEAD = 1 << 20;

    /** Shortest timeout. */
    protected static final Duration SHORTEST = Duration.ofMillis(1);

    /** Longest timeout. */
    protected static final Duration LONGEST = Duration.ofDays(1);

    /** The options that were set. */
    protected final Set<String> given = new HashSet<>();

    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private int maxTargetLength = DEFAULT_MAX_TARGET_LENGTH;
    private int maxConcurrentRequests = DEFAULT_MAX_CONCURRENT_REQUESTS;
    private Duration receiveTimeout = Duration.ofSeconds(30);
    private Duration sendTimeout = Duration.ofSeconds(30);
    private Predicate<InetAddress> trustedProxies = address -> false;

    /** Every default. */
    protected Builder() {}

    @SuppressWarnings("unchecked")
    private B self() {
      return (B) this;
    }

    /**
     * Longest body of a request, in bytes, from 0 to 1 GiB; a body is in memory while its request
     * runs. Default: {@value #DEFAULT_MAX_BODY_BYTES}.
     */
    public B maxBodyBytes(int maxBodyBytes) {
      Given.once(given, "maxBodyBytes");
      this.maxBodyBytes = maxBodyBytes;
      return self();
    }

    /**
     * Longest request target, path and query as they are sent, in characters, from 1 to 1 Mi.
     * Default: {@value #DEFAULT_MAX_TARGET_LENGTH}.
     */
    public B maxTargetLength(int maxTargetLength) {
      Given.once(given, "maxTargetLength");
      this.maxTargetLength = maxTargetLength;
      return self();
    }

    /**
     * Most requests whose bodies are read and whose answers are made and sent at once, at least 1;
     * one more waits a moment, then gets 503. Default: {@value #DEFAULT_MAX_CONCURRENT_REQUESTS}.
     */
    public B maxConcurrentRequests(int maxConcurrentRequests) {
      Given.once(given, "maxConcurrentRequests");
      this.maxConcurrentRequests = maxConcurrentRequests;
      return self();
    }

    /**
     * Longest time from the first byte of a request to the last of its body, from 1 ms to 1 day;
     * whoever takes longer is cut off, within a second or a quarter of the timeout. Default: 30
     * seconds.
     */
    public B receiveTimeout(Duration receiveTimeout) {
      this.receiveTimeout = Given.once(given, "receiveTimeout", receiveTimeout);
      return self();
    }

    /**
     * Longest time that a client may keep an answer waiting before it takes more of it, from 1 ms
     * to 1 day; whoever takes longer is cut off. Default: 30 seconds.
     */
    public B sendTimeout(Duration sendTimeout) {
      this.sendTimeout = Given.once(given, "sendTimeout", sendTimeout);
      return self();
    }

    /**
     * The proxies in front, by their addresses: theirs alone are {@code X-Forwarded-For}, {@code
     * X-Forwarded-Proto} and {@code X-Forwarded-Host} believed, for {@link Request#peer} and {@link
     * Request#url}. They must set all three or drop what the client sent. Default: none.
     */
    public B trustedProxies(Predicate<InetAddress> trustedProxies) {
      this.trustedProxies = Given.once(given, "trustedProxies", trustedProxies);
      return self();
    }

    /** The bounds; what is wrong with them is added to the faults. */
    protected final RequestBounds bounds(List<String> faults) {
      Given.requireCount(faults, "maxBodyBytes", maxBodyBytes, 0, 1 << 30);
      Given.requireCount(faults, "maxTargetLength", maxTargetLength, 1, LARGEST_HEAD);
      Given.requireCount(
          faults, "maxConcurrentRequests", maxConcurrentRequests, 1, Integer.MAX_VALUE);
      Given.requireSpan(faults, "receiveTimeout", receiveTimeout, SHORTEST, LONGEST);
      Given.requireSpan(faults, "sendTimeout", sendTimeout, SHORTEST, LONGEST);
      return new RequestBounds(
          maxBodyBytes,
          maxTargetLength,
          maxConcurrentRequests,
          receiveTimeout,
          sendTimeout,
          trustedProxies);
    }
  }
}
