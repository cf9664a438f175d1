package io.platformkit.core;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try, and when to give up. Immutable, and pure: the same
 * arguments and the same random numbers give the same delay.
 *
 * <pre>{@code
 * Backoff.exponential(Duration.ofSeconds(1), 5)            // 1, 2, 4, 8, 16 s, each ±
 *     .cap(Duration.ofSeconds(10))
 *     .jitter(Backoff.Jitter.FULL);
 * }</pre>
 *
 * @param first before the first retry, more than zero
 * @param factor what each delay is multiplied with, at least 1
 * @param cap the longest delay, at least {@code first}
 * @param retries how often to try again; {@link #UNLIMITED} for ever
 * @param jitter how delays are spread, so that many clients don't come back at once
 * @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">M.
 *     Brooker, Exponential Backoff and Jitter</a>
 */
public record Backoff(Duration first, double factor, Duration cap, int retries, Jitter jitter) {
  /** As many retries as it takes. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** The cap if none is given. */
  public static final Duration DEFAULT_CAP = Duration.ofMinutes(5);

  private static final Duration LONGEST = Duration.ofDays(365);

  /** How delays are spread. Below, {@code d} is the delay without jitter, never above the cap. */
  public enum Jitter {
    /** {@code d}. */
    NONE,
    /** Anything from 0 to {@code d}. */
    FULL,
    /** Anything from {@code d/2} to {@code d}. */
    EQUAL,
    /**
     * Anything from the first delay to three times the delay before, never above the cap; the
     * number of failures and the factor do not matter.
     */
    DECORRELATED
  }

  /** Checks. */
  public Backoff {
    Objects.requireNonNull(jitter, "jitter");
    Bounds.requireSpan("first", first, Duration.ofNanos(1), LONGEST);
    Bounds.requireSpan("cap", cap, first, LONGEST);
    if (!(factor >= 1) || factor > 1000) {
      throw new IllegalArgumentException(
          "factor was '%s' but it must be from 1 to 1000".formatted(factor));
    }
    Bounds.requireCount("retries", retries, 0, UNLIMITED);
  }

  /**
   * Doubles the delay after each failure; capped at {@link #DEFAULT_CAP}, or at the first delay if
   * that is longer; with {@link Jitter#EQUAL}.
   */
  public static Backoff exponential(Duration first, int retries) {
    Duration cap = first.compareTo(DEFAULT_CAP) > 0 ? first : DEFAULT_CAP;
    return new Backoff(first, 2, cap, retries, Jitter.EQUAL);
  }

  /** The same delay each time, without jitter. */
  public static Backoff fixed(Duration delay, int retries) {
    return new Backoff(delay, 1, delay, retries, Jitter.NONE);
  }

  /** No delay is longer. */
  public Backoff cap(Duration longest) {
    return new Backoff(first, factor, longest, retries, jitter);
  }

  /** Multiplies with another factor. */
  public Backoff factor(double other) {
    return new Backoff(first, other, cap, retries, jitter);
  }

  /** Spreads the delays in another way. */
  public Backoff jitter(Jitter other) {
    return new Backoff(first, factor, cap, retries, other);
  }

  /**
   * The delay before the next try.
   *
   * @param failures how often it failed so far, at least 1
   * @param previous the delay before the last try; of use to {@link Jitter#DECORRELATED} alone,
   *     zero after the first failure
   * @return empty if it was tried often enough
   */
  public Optional<Duration> delay(int failures, Duration previous, RandomGenerator random) {
    Bounds.requireCount("failures", failures, 1, Integer.MAX_VALUE);
    if (failures > retries && retries != UNLIMITED) {
      return Optional.empty();
    }
    double plain = Math.min(nanos(cap), nanos(first) * Math.pow(factor, failures - 1));
    double nanos =
        switch (jitter) {
          case NONE -> plain;
          case FULL -> between(0, plain, random);
          case EQUAL -> between(plain / 2, plain, random);
          case DECORRELATED ->
              between(
                  nanos(first),
                  Math.min(nanos(cap), Math.max(nanos(first), 3 * nanos(previous))),
                  random);
        };
    return Optional.of(Duration.ofNanos((long) nanos));
  }

  /** {@link #delay(int, Duration, RandomGenerator)} for jitters that need no delay before. */
  public Optional<Duration> delay(int failures, RandomGenerator random) {
    return delay(failures, Duration.ZERO, random);
  }

  private static double between(double least, double most, RandomGenerator random) {
    return least + (most - least) * random.nextDouble();
  }

  private static double nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }
}
