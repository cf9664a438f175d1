package io.platformkit.core;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random numbers that tell one writing from every other: versions, marks, nonces. 63 bits, more
 * than zero; not for secrets, as they can be told from each other. Safe for concurrent use, without
 * a lock: SplitMix64, as in {@link java.util.SplittableRandom}, from a secure seed.
 */
public final class RandomNumbers {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final AtomicLong state = new AtomicLong(new SecureRandom().nextLong());

  /** With a seed of its own. */
  public RandomNumbers() {}

  /** The next one. */
  public long next() {
    while (true) {
      long number = mix(state.addAndGet(GOLDEN_GAMMA)) >>> 1;
      if (number != 0) {
        return number;
      }
    }
  }

  private static long mix(long seed) {
    long z = (seed ^ (seed >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
