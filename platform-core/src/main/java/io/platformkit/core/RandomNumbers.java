package io.platformkit.core.redis;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random numbers of 63 bits, more than zero: versions, marks, nonces. Never the same twice in one
 * process before all others were used, as the SplitMix64 of {@link java.util.SplittableRandom}, and
 * safe for concurrent use without a lock.
 */
final class RandomNumbers {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final AtomicLong state = new AtomicLong(new SecureRandom().nextLong());

  long next() {
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
