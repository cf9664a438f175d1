package io.platformkit.core;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Unique ids that sort by the time of their making: UUIDs of version 7. Safe for concurrent use.
 *
 * <p>Each id of one {@code Ids} is greater than the one before, as text and as unsigned bytes
 * ({@link UUID#compareTo} compares signed halves, which agrees until the year 6429). Within one
 * millisecond a 12-bit counter orders them; it starts at a random value below 2,048. When it
 * overflows, the time in the ids runs ahead by a millisecond; when the clock goes back, the ids
 * keep the latest time and count on. 62 random bits in each id tell processes apart: don't derive
 * one from another's seed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-5.7">RFC 9562 §5.7, UUID version
 *     7</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-6.2">RFC 9562 §6.2, method 1</a>
 */
public final class Ids {
  private static final int COUNTER_BITS = 12;
  private static final int SEED_BITS = COUNTER_BITS - 1; // the top bit stays free, RFC 9562 §6.2
  private static final long MAX_MILLIS = (1L << 48) - 1;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  /** Milliseconds and counter of the last id, side by side: an overflowing counter carries over. */
  private long last = -1;

  private Ids(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** From the system's clock and a secure random generator: ids cannot be guessed. */
  public static Ids create() {
    return new Ids(InstantSource.system(), new SecureRandom());
  }

  /**
   * From the given sources: a settable clock and a seeded generator give the same ids again.
   *
   * @param random called by one thread at a time
   */
  public static Ids create(InstantSource clock, RandomGenerator random) {
    return new Ids(clock, random);
  }

  /**
   * A new id, greater than all before.
   *
   * @throws IllegalStateException if the clock shows a time before 1970 or after the year 10889,
   *     which the format can't hold
   */
  public UUID next() {
    lock.lock();
    try {
      long now = clock.millis();
      if (now < 0 || now > MAX_MILLIS) {
        throw new IllegalStateException(
            "the clock showed '%s' but an id holds only times from 1970 to 10889"
                .formatted(clock.instant()));
      }
      last =
          now > last >> COUNTER_BITS
              ? now << COUNTER_BITS | random.nextLong() >>> (Long.SIZE - SEED_BITS)
              : last + 1;
      return layOut(last >> COUNTER_BITS, last, random.nextLong());
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #next}, in lower-case hexadecimal with dashes, 36 characters. */
  public String nextText() {
    return next().toString();
  }

  /**
   * When the id was made, to the millisecond, by its maker's clock.
   *
   * @throws IllegalArgumentException if the id is not of version 7
   */
  public static Instant timeOf(UUID id) {
    if (id.version() != 7 || id.variant() != 2) {
      throw new IllegalArgumentException(
          "id was '%s' of version %d, variant %d, but it must be of version 7, variant 2"
              .formatted(id, id.version(), id.variant()));
    }
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }

  /** Puts 48 bits of time, the low 12 bits of randA and the low 62 of randB into their places. */
  static UUID layOut(long millis, long randA, long randB) {
    return new UUID(millis << 16 | 0x7000 | (randA & 0xFFF), 1L << 63 | (randB & (-1L >>> 2)));
  }
}
