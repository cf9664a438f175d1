package io.platformkit.core.bucketing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.bucketing.Split.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static Weights weights(Map<String, Integer> weights) {
    return Weights.of(weights);
  }

  @Test
  void variantsGetTheirSharesInTheOrderOfNames() {
    Split split = Split.of(weights(Map.of("b", 10, "a", 90)));

    assertThat(split.ranges())
        .containsExactly(new Range("a", 0, 9000), new Range("b", 9000, 10_000));
    assertThat(split.variant(0)).isEqualTo("a");
    assertThat(split.variant(8999)).isEqualTo("a");
    assertThat(split.variant(9000)).isEqualTo("b");
    assertThat(split.variant(9999)).isEqualTo("b");
  }

  @Test
  void whatDoesNotDivideGoesToTheLargestRemainders() {
    Split thirds = Split.of(100, weights(Map.of("a", 1, "b", 1, "c", 1)));
    Split uneven = Split.of(10, weights(Map.of("a", 15, "b", 29, "c", 56)));

    assertThat(thirds.sizes())
        .containsExactly(Map.entry("a", 34), Map.entry("b", 33), Map.entry("c", 33));
    assertThat(uneven.sizes())
        .containsExactly(Map.entry("a", 1), Map.entry("b", 3), Map.entry("c", 6));
  }

  @Test
  void aVariantWithoutWeightGetsNothing() {
    assertThat(Split.of(weights(Map.of("on", 0, "off", 1))).sizes())
        .containsExactly(Map.entry("off", 10_000));
  }

  @Test
  void sharesAreWeights() {
    assertThat(Split.of(Weights.ofShares(Map.of("a", 0.1, "b", 0.2, "c", 0.7))).sizes())
        .containsExactly(Map.entry("a", 1000), Map.entry("b", 2000), Map.entry("c", 7000));
  }

  @Test
  void sharesOfABillionthAreExact() {
    Split split = Split.of(1_000_000_000, Weights.ofShares(Map.of("rare", 1e-9, "rest", 1 - 1e-9)));

    assertThat(split.sizes()).containsExactly(Map.entry("rare", 1), Map.entry("rest", 999_999_999));
  }

  @Nested
  class WhenWeightsChange {
    @Test
    void onlyTheNeededShareOfAMillionIdsMoves() {
      StickyHash hash = StickyHash.salted("ranker");
      Split before = Split.of(weights(Map.of("a", 50, "b", 30, "c", 20)));
      Split after = before.reweighted(weights(Map.of("a", 20, "b", 45, "c", 35)));
      int moved = 0;
      int taken = 0;
      for (int i = 0; i < 1_000_000; i++) {
        String id = "user-" + i;
        String was = before.variant(hash, id);
        String is = after.variant(hash, id);
        moved += was.equals(is) ? 0 : 1;
        taken += !was.equals(is) && !was.equals("a") ? 1 : 0;
      }
      assertThat(moved).isBetween(298_000, 302_000); // 30 %, four standard deviations
      assertThat(taken).as("ids that left a variant which grew").isZero();
    }

    @Test
    void asFewBucketsMoveAsTheSizesAllow() {
      Random random = new Random(5);
      Split split = Split.of(1000, weights(Map.of("a", 1, "b", 1)));
      for (int i = 0; i < 2000; i++) {
        Map<String, Integer> next = new LinkedHashMap<>();
        for (String variant : List.of("a", "b", "c", "d", "e")) {
          next.put(variant, random.nextInt(3) == 0 ? 0 : 5 + random.nextInt(200));
        }
        next.merge("a", 1, Integer::sum);
        Split changed = split.reweighted(weights(next));

        assertThat(changed.sizes()).isEqualTo(Split.of(1000, weights(next)).sizes());
        assertThat(moved(split, changed)).isEqualTo(least(split, changed));
        assertThat(Split.ofRanges(1000, changed.ranges()).ranges()).isEqualTo(changed.ranges());
        split = changed;
      }
    }

    @Test
    void aRolloutThatGrowsEvictsNobody() {
      Split split = Split.of(weights(Map.of("off", 1000, "on", 0)));
      for (int permille = 1; permille <= 1000; permille++) {
        Split next = split.reweighted(weights(Map.of("off", 1000 - permille, "on", permille)));
        for (Range range : split.ranges()) {
          if (range.variant().equals("on")) {
            assertThat(List.of(next.variant(range.from()), next.variant(range.to() - 1)))
                .containsOnly("on");
          }
        }
        assertThat(moved(split, next)).isEqualTo(10);
        split = next;
      }
      assertThat(split.ranges()).containsExactly(new Range("on", 0, 10_000));
    }

    @Test
    void aNewVariantTakesFromAllAndARemovedOneGivesToAll() {
      Split two = Split.of(weights(Map.of("a", 1, "b", 1)));
      Split three = two.reweighted(weights(Map.of("a", 1, "b", 1, "c", 1)));
      Split again = three.reweighted(weights(Map.of("a", 1, "b", 1)));

      assertThat(moved(two, three)).isEqualTo(three.sizes().get("c"));
      assertThat(moved(three, again)).isEqualTo(three.sizes().get("c"));
      assertThat(again.ranges()).isEqualTo(two.ranges());
    }

    @Test
    void theSameSharesMoveNothing() {
      Split split =
          Split.of(weights(Map.of("a", 1, "b", 2))).reweighted(weights(Map.of("a", 5, "b", 1)));

      assertThat(split.reweighted(weights(Map.of("a", 50, "b", 10))).ranges())
          .isEqualTo(split.ranges());
    }

    private static int least(Split before, Split after) {
      int grown = 0;
      for (Map.Entry<String, Integer> size : after.sizes().entrySet()) {
        grown += Math.max(0, size.getValue() - before.sizes().getOrDefault(size.getKey(), 0));
      }
      return grown;
    }

    private static int moved(Split before, Split after) {
      int moved = 0;
      for (int bucket = 0; bucket < before.buckets(); bucket++) {
        moved += before.variant(bucket).equals(after.variant(bucket)) ? 0 : 1;
      }
      return moved;
    }
  }

  @Nested
  class WhatIsRefused {
    @Test
    void aVariantThatWouldGetNoBucket() {
      assertThatThrownBy(() -> Split.of(10, weights(Map.of("a", 1, "b", 999))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("weight of 'a' was '1' of 1000, which is no bucket of 10; use more buckets");
    }

    @Test
    void weightsThatAreNone() {
      assertThatThrownBy(() -> weights(Map.of("a", -1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "weight of 'a' was '-1' but it must be at least 0;"
                  + " sum of weights was '-1' but it must be from 1 to 1000000000");
      assertThatThrownBy(() -> weights(Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("number of variants was '0' but it must be from 1 to 1000");
    }

    @Test
    void sharesThatAreNotOneTogether() {
      assertThatThrownBy(() -> Weights.ofShares(Map.of("a", 0.5, "b", 0.4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("sum of shares was '0.9' but it must be 1");
      assertThatThrownBy(() -> Weights.ofShares(Map.of("a", Double.NaN)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("share of 'a' was 'NaN' but it must be 0, or from");
    }

    @Test
    void rangesThatLeaveABucketOutOrTakeItTwice() {
      List<Range> ranges = new ArrayList<>(List.of(new Range("a", 0, 5), new Range("b", 6, 10)));
      assertThatThrownBy(() -> Split.ofRanges(10, ranges))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("begin of a range was '6' but it must be 5");
      assertThatThrownBy(() -> Split.ofRanges(10, List.of(new Range("a", 0, 9))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("end of the last range was '9' but it must be 10");
    }

    @Test
    void aBucketThatIsNotThere() {
      Split split = Split.of(10, weights(Map.of("a", 1)));
      assertThatThrownBy(() -> split.variant(10))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("bucket was '10' but it must be from 0 to 9");
    }
  }
}
