package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link MinMaxLttb} and {@link M4} against plain programs of their definitions. */
class ExtremesTest {
  @ParameterizedTest
  @EnumSource
  void minMaxLttbIsLttbOverTheExtremesOfEachBin(Shape shape) {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int n = 100 + random.nextInt(20_000);
      int nOut = 3 + random.nextInt(n / 8);
      double[] x = Shape.increasing(n, random);
      double[] y = shape.y(n, random);

      assertThat(MinMaxLttb.indices(Points.of(x, y), nOut))
          .describedAs("%s, seed %d, %d of %d", shape, seed, nOut, n)
          .isEqualTo(minMaxLttb(x, y, nOut));
    }
  }

  private static int[] minMaxLttb(double[] x, double[] y, int nOut) {
    int n = y.length;
    int bins = 2 * nOut;
    if (n - 2 <= 2 * bins) {
      return TextbookLttb.select(x, y, nOut);
    }
    TreeSet<Integer> kept = new TreeSet<>();
    kept.add(0);
    kept.add(n - 1);
    double every = (double) (n - 2) / bins;
    for (int bin = 0; bin < bins; bin++) {
      int from = (int) Math.floor(bin * every) + 1;
      int to = bin == bins - 1 ? n - 1 : (int) Math.floor((bin + 1) * every) + 1;
      kept.add(lowest(y, from, to));
      kept.add(highest(y, from, to));
    }
    int[] indices = kept.stream().mapToInt(i -> i).toArray();
    double[] keptX = Arrays.stream(indices).mapToDouble(i -> x[i]).toArray();
    double[] keptY = Arrays.stream(indices).mapToDouble(i -> y[i]).toArray();
    return Arrays.stream(TextbookLttb.select(keptX, keptY, nOut)).map(i -> indices[i]).toArray();
  }

  @ParameterizedTest
  @EnumSource
  void m4KeepsTheFourPointsOfEachColumn(Shape shape) {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int n = 50 + random.nextInt(20_000);
      int nOut = 4 + random.nextInt(n / 2);
      double[] x = Shape.increasing(n, random);
      double[] y = shape.y(n, random);

      assertThat(M4.indices(Points.of(x, y), nOut))
          .describedAs("%s, seed %d, %d of %d", shape, seed, nOut, n)
          .isEqualTo(m4(x, y, nOut))
          .hasSizeLessThanOrEqualTo(nOut);
    }
  }

  private static int[] m4(double[] x, double[] y, int nOut) {
    int columns = nOut / 4;
    TreeSet<Integer> kept = new TreeSet<>();
    double width = x[x.length - 1] - x[0];
    int from = 0;
    for (int column = 1; column <= columns; column++) {
      double edge = x[0] + width * ((double) column / columns);
      int to = from;
      while (to < x.length && (column == columns || x[to] < edge)) {
        to++;
      }
      if (to > from) {
        kept.add(from);
        kept.add(to - 1);
        kept.add(lowest(y, from, to));
        kept.add(highest(y, from, to));
      }
      from = to;
    }
    return kept.stream().mapToInt(i -> i).toArray();
  }

  private static int lowest(double[] y, int from, int to) {
    int at = from;
    for (int i = from; i < to; i++) {
      at = y[i] < y[at] ? i : at;
    }
    return at;
  }

  private static int highest(double[] y, int from, int to) {
    int at = from;
    for (int i = from; i < to; i++) {
      at = y[i] > y[at] ? i : at;
    }
    return at;
  }

  @Test
  void aSpikeSurvivesAReductionInWhichEveryBucketHoldsThousands() {
    double[] y = Shape.NOISE.y(1_000_000, new Random(1));
    y[123_456] = 100;
    y[654_321] = -100;

    assertThat(MinMaxLttb.indices(Points.of(y), 200)).contains(123_456, 654_321);
    assertThat(M4.indices(Points.of(y), 200)).contains(123_456, 654_321);
  }

  @Test
  void bothKernelsFindTheFirstOfEqualExtremes() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      int length = 1 + random.nextInt(300);
      double[] y = Shape.TIED_INTEGERS.y(length + 3, random);
      for (Kernel kernel : new Kernel[] {new ScalarKernel(), new VectorKernel()}) {
        kernel.minMax(y, 3, length);
        assertThat(kernel.finite).isTrue();
        assertThat(kernel.lowest).isEqualTo(lowest(y, 3, 3 + length) - 3);
        assertThat(kernel.highest).isEqualTo(highest(y, 3, 3 + length) - 3);
      }
    }
  }

  @Test
  void bothKernelsSeeAValueThatIsNotFinite() {
    for (int at = 0; at < 40; at++) {
      for (double wrong : new double[] {Double.NaN, 1 / 0.0, -1 / 0.0}) {
        double[] y = new double[40];
        y[at] = wrong;
        for (Kernel kernel : new Kernel[] {new ScalarKernel(), new VectorKernel()}) {
          kernel.minMax(y, 0, y.length);
          assertThat(kernel.finite).describedAs("%s at %d", wrong, at).isFalse();
        }
      }
    }
  }

  @Test
  void otherStorageGivesTheSameIndices() {
    double[] y = Shape.TIED_INTEGERS.y(50_000, new Random(5));
    long[] longs = Arrays.stream(y).mapToLong(v -> (long) v).toArray();

    assertThat(MinMaxLttb.indices(Points.of(longs), 20))
        .isEqualTo(MinMaxLttb.indices(Points.of(y), 20));
    assertThat(M4.indices(Points.of(longs), 20)).isEqualTo(M4.indices(Points.of(y), 20));
  }

  @Test
  void gapsStayGaps() {
    double[] y = Shape.WALK.y(10_000, new Random(5));
    Arrays.fill(y, 5_000, 5_100, Double.NaN);

    assertThat(MinMaxLttb.indices(Points.of(y), 100)).contains(0, 4_999, 5_000, 5_100, 9_999);
    assertThat(M4.indices(Points.of(y), 100)).contains(0, 4_999, 5_000, 5_100, 9_999);
  }

  @Test
  void badArgumentsAreRefused() {
    Points points = Points.of(new double[] {1, 2, 3, 2, 5, 6}, new double[6]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> M4.indices(points, 3))
        .withMessage("nOut was '3' but it must be at least 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> M4.indices(points, 4))
        .withMessage("x[3] was '2.0' but it must be larger than x[2], '3.0'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MinMaxLttb.indices(points, 3))
        .withMessage("x[3] was '2.0' but it must be larger than x[2], '3.0'");
  }
}
