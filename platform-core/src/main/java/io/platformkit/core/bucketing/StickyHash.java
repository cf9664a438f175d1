package io.platformkit.core.bucketing;

import io.platformkit.core.Bounds;

/**
 * Puts ids into buckets: the same salt and id give the same bucket for ever, in every JVM and in
 * every language. Different salts give buckets that have nothing to do with each other. Immutable,
 * safe for concurrent use, and hashing allocates nothing.
 *
 * <p>{@code hash(id) = XXH64(UTF-8 of id, seed)} with {@code seed = XXH64(UTF-8 of salt, 0)}, and
 * {@code bucket = floor(hash × buckets / 2⁶⁴)}, the hash taken as unsigned. Salt and id never
 * touch, so no pair of them can be mistaken for another. A bucket's share is off by less than 2⁻⁶⁴.
 *
 * <p>Ids are compared as bytes: {@code "é"} in its two Unicode forms is two ids.
 */
public final class StickyHash {
  /** How many buckets there are unless the caller says otherwise. */
  public static final int BUCKETS = 10_000;

  private final String salt;
  private final long seed;

  private StickyHash(String salt) {
    this.salt = salt;
    this.seed = XxHash64.hash(Bounds.requireName("salt", salt), 0);
  }

  /**
   * The hash of one flag, experiment, canary or ring of shards.
   *
   * @param salt its name, see {@link Bounds#requireName}; another salt deals ids anew
   */
  public static StickyHash salted(String salt) {
    return new StickyHash(salt);
  }

  /** What tells this hash from others. */
  public String salt() {
    return salt;
  }

  /** 64 bits of which each is as good as any other. */
  public long hash(String id) {
    return XxHash64.hash(id, seed);
  }

  /** The bucket of an id, from 0 to {@link #BUCKETS} less one. */
  public int bucket(String id) {
    return bucket(id, BUCKETS);
  }

  /**
   * The bucket of an id, from 0 to {@code buckets} less one. Bucket b of n covers buckets 2b and
   * 2b+1 of 2n: finer buckets refine coarser ones.
   *
   * @param buckets at least 1
   */
  public int bucket(String id, int buckets) {
    if (buckets < 1) {
      throw new IllegalArgumentException(
          "buckets was '%d' but it must be at least 1".formatted(buckets));
    }
    return (int) Math.unsignedMultiplyHigh(hash(id), buckets);
  }
}
