package io.platformkit.core.bucketing;

import io.platformkit.core.Bounds;
import io.platformkit.core.Given;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How much of all each variant gets, in proportion: {@code {a: 1, b: 1}} and {@code {a: 50, b: 50}}
 * are the same. Immutable.
 */
public final class Weights {
  /** Most variants. */
  public static final int MAX_VARIANTS = 1000;

  /** Largest sum of all weights; shares are counted in parts of it. */
  public static final int MAX_SUM = 1_000_000_000;

  private static final double SMALLEST_SHARE = 1e-9;
  private static final double SUM_TOLERANCE = 1e-9;

  private final NavigableMap<String, Integer> weights;
  private final long sum;

  private Weights(NavigableMap<String, Integer> weights) {
    this.weights = weights;
    this.sum = weights.values().stream().mapToLong(Integer::longValue).sum();
  }

  /**
   * Weights in whole numbers. A weight of 0 gives nothing.
   *
   * @param weights of 1 to {@value #MAX_VARIANTS} variants, which are names; from 0, with a sum
   *     from 1 to {@value #MAX_SUM}
   * @throws IllegalArgumentException with all that is wrong
   */
  public static Weights of(Map<String, Integer> weights) {
    List<String> faults = variantFaults(weights);
    weights.forEach((variant, weight) ->
        Given.require(faults, "weight of '" + variant + "'", weight, weight >= 0, "at least 0"));
    long sum = weights.values().stream().mapToLong(Integer::longValue).sum();
    Given.require(
        faults, "sum of weights", sum, sum >= 1 && sum <= MAX_SUM, "from 1 to " + MAX_SUM);
    Given.refuse(faults);
    return new Weights(sorted(weights));
  }

  /**
   * Weights as shares of 1, exact to a billionth.
   *
   * @param shares of 1 to {@value #MAX_VARIANTS} variants, which are names; 0, or from a billionth
   *     to 1, with a sum of 1, give or take a billionth
   * @throws IllegalArgumentException with all that is wrong
   */
  public static Weights ofShares(Map<String, Double> shares) {
    List<String> faults = variantFaults(shares);
    shares.forEach((variant, share) ->
        Given.require(
            faults,
            "share of '" + variant + "'",
            share,
            share == 0 || (share >= SMALLEST_SHARE && share <= 1),
            "0, or from a billionth to 1"));
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    Given.require(faults, "sum of shares", sum, Math.abs(sum - 1) <= SUM_TOLERANCE, "1");
    Given.refuse(faults);
    NavigableMap<String, Integer> parts = new TreeMap<>(Bounds.NAME_ORDER);
    shares.forEach((variant, share) -> parts.put(variant, (int) Math.round(share * MAX_SUM)));
    return new Weights(parts);
  }

  private static List<String> variantFaults(Map<String, ?> weights) {
    List<String> faults = new ArrayList<>();
    int count = weights.size();
    Given.require(
        faults,
        "number of variants",
        count,
        count >= 1 && count <= MAX_VARIANTS,
        "from 1 to " + MAX_VARIANTS);
    weights.keySet().forEach(variant -> Bounds.requireName("variant", variant));
    return faults;
  }

  private static NavigableMap<String, Integer> sorted(Map<String, Integer> weights) {
    NavigableMap<String, Integer> sorted = new TreeMap<>(Bounds.NAME_ORDER);
    sorted.putAll(weights);
    return sorted;
  }

  /**
   * How many buckets each variant gets, in the order of names: its exact share rounded down, and
   * one more for those that lost most by it, until all are given (the method of largest remainders,
   * Hamilton's). Each is off by less than one bucket.
   *
   * @throws IllegalArgumentException if a variant with a weight would get no bucket
   */
  NavigableMap<String, Integer> apportion(int buckets) {
    NavigableMap<String, Integer> sizes = new TreeMap<>(Bounds.NAME_ORDER);
    weights.forEach((variant, weight) -> sizes.put(variant, (int) (weight * (long) buckets / sum)));
    int given = sizes.values().stream().mapToInt(Integer::intValue).sum();
    weights.keySet().stream()
        .sorted(Comparator.comparingLong((String variant) -> -remainder(variant, buckets)))
        .limit(buckets - given)
        .forEach(variant -> sizes.merge(variant, 1, Integer::sum));
    refuseStarved(sizes, buckets);
    return sizes;
  }

  private long remainder(String variant, int buckets) {
    return weights.getOrDefault(variant, 0) * (long) buckets % sum;
  }

  private void refuseStarved(Map<String, Integer> sizes, int buckets) {
    List<String> faults = new ArrayList<>();
    weights.forEach((variant, weight) -> {
      if (weight > 0 && sizes.getOrDefault(variant, 0) == 0) {
        faults.add(
            "weight of '%s' was '%d' of %d, which is no bucket of %d; use more buckets"
                .formatted(variant, weight, sum, buckets));
      }
    });
    Given.refuse(faults);
  }

  /** The weights, in the order of names. */
  @Override
  public String toString() {
    return weights.toString();
  }
}
