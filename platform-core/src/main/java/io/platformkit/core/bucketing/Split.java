package io.platformkit.core.bucketing;

import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which variant each bucket belongs to, as ranges of buckets. Immutable, safe for concurrent use.
 *
 * <p>Weights change by <em>give and take</em>: a variant that shrinks gives its last buckets, one
 * that grows takes them, and every other bucket stays. So as few buckets move as the new sizes
 * allow, half the sum of all differences, and no id leaves a variant that does not shrink. Adding a
 * variant and removing one are changes from and to no buckets.
 *
 * <p>The ranges follow from the history, not from the weights alone: keep {@link #ranges()} with
 * the weights, and make the split again {@linkplain #ofRanges from them}.
 */
public final class Split {
  /** Most buckets. */
  public static final int MAX_BUCKETS = 1_000_000_000;

  private final int buckets;
  private final List<Range> ranges;
  private final int[] starts;

  private Split(int buckets, List<Range> ranges) {
    this.buckets = buckets;
    this.ranges = ranges;
    this.starts = ranges.stream().mapToInt(Range::from).toArray();
  }

  /**
   * Neighbouring buckets of one variant.
   *
   * @param from the first one
   * @param to the first one after them
   */
  public record Range(String variant, int from, int to) {
    /** Checks that there is a bucket. */
    public Range {
      Bounds.requireName("variant", variant);
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException(
            "range of '%s' was '%d to %d' but it must begin at 0 or more and end after it begins"
                .formatted(variant, from, to));
      }
    }

    int size() {
      return to - from;
    }
  }

  /** A first split of {@link StickyHash#BUCKETS} buckets, one range a variant, by name. */
  public static Split of(Weights weights) {
    return of(StickyHash.BUCKETS, weights);
  }

  /**
   * A first split, one range a variant, in the order of names.
   *
   * @param buckets from 1 to {@value #MAX_BUCKETS}
   * @throws IllegalArgumentException if a variant with a weight would get no bucket
   */
  public static Split of(int buckets, Weights weights) {
    Bounds.requireCount("buckets", buckets, 1, MAX_BUCKETS);
    List<Range> ranges = new ArrayList<>();
    int from = 0;
    for (Map.Entry<String, Integer> size : weights.apportion(buckets).entrySet()) {
      if (size.getValue() > 0) {
        ranges.add(new Range(size.getKey(), from, from + size.getValue()));
        from += size.getValue();
      }
    }
    return new Split(buckets, List.copyOf(ranges));
  }

  /**
   * The split that was kept.
   *
   * @param ranges in any order; together each bucket once
   * @throws IllegalArgumentException naming the first bucket that is missing or taken twice
   */
  public static Split ofRanges(int buckets, List<Range> ranges) {
    Bounds.requireCount("buckets", buckets, 1, MAX_BUCKETS);
    List<Range> sorted = ranges.stream().sorted(Comparator.comparingInt(Range::from)).toList();
    List<String> faults = new ArrayList<>();
    int next = 0;
    for (Range range : sorted) {
      Given.require(faults, "begin of a range", range.from(), range.from() == next, "" + next);
      next = range.to();
    }
    Given.require(faults, "end of the last range", next, next == buckets, "" + buckets);
    Given.refuse(faults);
    return new Split(buckets, joined(sorted));
  }

  /**
   * This split with other weights, moved as little as they allow.
   *
   * @throws IllegalArgumentException if a variant with a weight would get no bucket
   */
  public Split reweighted(Weights weights) {
    NavigableMap<String, Integer> wanted = weights.apportion(buckets);
    List<Range> kept = new ArrayList<>();
    List<Range> freed = new ArrayList<>();
    NavigableMap<String, Integer> missing = new TreeMap<>(wanted);
    for (Range range : ranges) {
      int keep = Math.min(range.size(), missing.getOrDefault(range.variant(), 0));
      int end = range.from() + keep;
      if (keep > 0) {
        kept.add(new Range(range.variant(), range.from(), end));
        missing.merge(range.variant(), -keep, Integer::sum);
      }
      if (end < range.to()) {
        freed.add(new Range(range.variant(), end, range.to()));
      }
    }
    kept.addAll(taken(freed, missing));
    kept.sort(Comparator.comparingInt(Range::from));
    return new Split(buckets, joined(kept));
  }

  /** Deals freed buckets, lowest first, to the variants that miss some, in the order of names. */
  private static List<Range> taken(List<Range> freed, NavigableMap<String, Integer> missing) {
    List<Range> taken = new ArrayList<>();
    int index = 0;
    int from = freed.isEmpty() ? 0 : freed.getFirst().from();
    for (Map.Entry<String, Integer> taker : missing.entrySet()) {
      int left = taker.getValue();
      while (left > 0) {
        Range range = freed.get(index);
        int end = Math.min(range.to(), from + left);
        taken.add(new Range(taker.getKey(), from, end));
        left -= end - from;
        from = end;
        if (end == range.to() && ++index < freed.size()) {
          from = freed.get(index).from();
        }
      }
    }
    return taken;
  }

  private static List<Range> joined(List<Range> sorted) {
    List<Range> joined = new ArrayList<>();
    for (Range range : sorted) {
      if (!joined.isEmpty() && joined.getLast().variant().equals(range.variant())) {
        range = new Range(range.variant(), joined.removeLast().from(), range.to());
      }
      joined.add(range);
    }
    return Collections.unmodifiableList(joined);
  }

  /** How many buckets are split. */
  public int buckets() {
    return buckets;
  }

  /** All buckets, in order; no two neighbours of the same variant. */
  public List<Range> ranges() {
    return ranges;
  }

  /**
   * The variant of a bucket.
   *
   * @param bucket from 0 to {@link #buckets()} less one
   */
  public String variant(int bucket) {
    Bounds.requireCount("bucket", bucket, 0, buckets - 1);
    int found = Arrays.binarySearch(starts, bucket);
    return ranges.get(found >= 0 ? found : -found - 2).variant();
  }

  /** The variant of an id. */
  public String variant(StickyHash hash, String id) {
    return variant(hash.bucket(id, buckets));
  }

  /** How many buckets each variant has, in the order of names; those without are not in it. */
  public Map<String, Integer> sizes() {
    NavigableMap<String, Integer> sizes = new TreeMap<>(Bounds.NAME_ORDER);
    ranges.forEach(range -> sizes.merge(range.variant(), range.size(), Integer::sum));
    return Collections.unmodifiableMap(sizes);
  }

  /** As many ranges as there are, with their variants. */
  @Override
  public String toString() {
    return ranges.toString();
  }
}
