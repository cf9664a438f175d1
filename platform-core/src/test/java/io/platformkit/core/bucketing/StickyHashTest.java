package io.platformkit.core.bucketing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StickyHashTest {
  private static final int IDS = 1_000_000;

  /** Of chance, one run in 15,000 is further off. */
  private static final double FAR = 4;

  @ParameterizedTest
  @EnumSource(IdShape.class)
  void bucketsAreEquallyFull(IdShape shape) {
    int[] counts = new int[StickyHash.BUCKETS];
    StickyHash hash = StickyHash.salted("new-checkout");
    for (int i = 0; i < IDS; i++) {
      counts[hash.bucket(shape.id(i))]++;
    }
    assertThat(ChiSquare.ofUniform(counts, (double) IDS / counts.length)).isBetween(-FAR, FAR);
  }

  @ParameterizedTest
  @EnumSource(IdShape.class)
  void theBucketOfOneSaltTellsNothingOfThatOfAnother(IdShape shape) {
    int[][] table = new int[100][100];
    StickyHash one = StickyHash.salted("experiment-1");
    StickyHash other = StickyHash.salted("experiment-2");
    for (int i = 0; i < IDS; i++) {
      String id = shape.id(i);
      table[one.bucket(id, 100)][other.bucket(id, 100)]++;
    }
    assertThat(ChiSquare.ofIndependent(table)).isBetween(-FAR, FAR);
  }

  @Test
  void noTwoOfFiftyNeighbouringSaltsDepend() {
    int salts = 50;
    int ids = 50_000;
    int[][] buckets = new int[salts][ids];
    for (int salt = 0; salt < salts; salt++) {
      StickyHash hash = StickyHash.salted("experiment-" + salt);
      Arrays.setAll(buckets[salt], i -> hash.bucket(Integer.toString(i), 10));
    }
    double[] deviations =
        IntStream.range(0, salts)
            .boxed()
            .flatMap(a -> IntStream.range(0, a).mapToObj(b -> List.of(a, b)))
            .mapToDouble(pair -> deviation(buckets[pair.get(0)], buckets[pair.get(1)]))
            .toArray();

    assertThat(deviations).hasSize(1225);
    assertThat(Arrays.stream(deviations).max().orElseThrow()).isLessThan(5);
    assertThat(Arrays.stream(deviations).average().orElseThrow()).isBetween(-0.12, 0.12);
  }

  private static double deviation(int[] one, int[] other) {
    int[][] table = new int[10][10];
    for (int i = 0; i < one.length; i++) {
      table[one[i]][other[i]]++;
    }
    return ChiSquare.ofIndependent(table);
  }

  @Test
  void finerBucketsRefineCoarserOnes() {
    StickyHash hash = StickyHash.salted("s");
    for (int i = 0; i < 1000; i++) {
      String id = Integer.toString(i);
      assertThat(hash.bucket(id, 1000)).isEqualTo(hash.bucket(id, 10_000) / 10);
    }
  }

  @Test
  void saltAndIdAreNotMistakenForEachOther() {
    assertThat(StickyHash.salted("ab").hash("c")).isNotEqualTo(StickyHash.salted("a").hash("bc"));
  }

  @Test
  void theWholeRangeOfBucketsIsUsed() {
    StickyHash hash = StickyHash.salted("s");
    IntStream of = IntStream.range(0, 1000).map(i -> hash.bucket(Integer.toString(i), 3));

    assertThat(of.distinct().sorted().toArray()).containsExactly(0, 1, 2);
    assertThat(hash.bucket("any", 1)).isZero();
    assertThat(hash.bucket("any", Integer.MAX_VALUE)).isNotNegative();
  }

  @Test
  void whatIsNoSaltOrNoNumberOfBucketsIsRefused() {
    assertThatThrownBy(() -> StickyHash.salted(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("salt was '' but it must have 1 to 512 bytes of UTF-8");
    assertThatThrownBy(() -> StickyHash.salted("s").bucket("id", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("buckets was '0' but it must be at least 1");
  }
}
