package io.platformkit.examples.quickstart;

import io.platformkit.core.bucketing.Split;
import io.platformkit.core.bucketing.StickyHash;
import io.platformkit.core.bucketing.Weights;
import java.util.Map;

/** Who gets which variant, and who moves when the weights change. */
public final class StickyVariants {
  private StickyVariants() {}

  /** Gives a new ranker to more users. */
  public static void main(String[] args) {
    // @start region="variants"
    var hash = StickyHash.salted("ranker-v2");
    var split = Split.of(Weights.of(Map.of("control", 90, "treatment", 10)));
    System.out.println(split.variant(hash, "user-42"));

    var wider = split.reweighted(Weights.of(Map.of("control", 50, "treatment", 50)));
    System.out.println(wider.variant(hash, "user-42")); // whoever had the treatment keeps it
    System.out.println(wider.ranges()); // keep it with the experiment
    // @end
  }
}
