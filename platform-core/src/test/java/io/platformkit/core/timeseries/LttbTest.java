package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.core.timeseries.Downsampler.Source;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LttbTest {
  private static final int ROUNDS = 120;
  private static final double NAN = Double.NaN;

  @Test
  void theExampleOfTheGuideKeepsBothEndsAndTheSpike() {
    // @start region="lttb"
    long[] times = {1000, 2000, 3000, 4000, 5000, 6000, 7000};
    double[] values = {1.0, 1.1, 0.9, 9.0, 1.0, 1.1, 1.0};

    int[] shown = Lttb.indices(Points.of(times, values), 4); // which points
    Points chart = Lttb.points(Points.of(times, values), 4); // or a copy of them
    // @end
    assertThat(shown).startsWith(0).endsWith(6).contains(3).hasSize(4);
    assertThat(chart.size()).isEqualTo(4);
    assertThat(chart.x(3)).isEqualTo(7000);
  }

  @Nested
  class EqualsTheTextbook {
    @ParameterizedTest
    @EnumSource
    void withX(Shape shape) {
      rounds(
          shape,
          (random, n, nOut) -> {
            double[] x = Shape.increasing(n, random);
            double[] y = shape.y(n, random);
            return new Case(x, y, nOut, Source.of(Points.of(x, y)));
          });
    }

    @ParameterizedTest
    @EnumSource
    void withXThatRepeats(Shape shape) {
      rounds(
          shape,
          (random, n, nOut) -> {
            double[] x = Shape.repeating(n, random);
            double[] y = shape.y(n, random);
            return new Case(x, y, nOut, Source.of(Points.of(x, y).allowingEqualX()));
          });
    }

    @ParameterizedTest
    @EnumSource
    void withoutX(Shape shape) {
      rounds(
          shape,
          (random, n, nOut) -> {
            double[] y = shape.y(n, random);
            return new Case(ramp(n), y, nOut, Source.of(Points.of(y)));
          });
    }

    @ParameterizedTest
    @EnumSource(names = {"WALK", "TIED_INTEGERS", "CONSTANT", "SPIKES"})
    void ofLongsAndFloats(Shape shape) {
      rounds(
          shape,
          (random, n, nOut) -> {
            long[] x =
                Arrays.stream(Shape.increasing(n, random)).mapToLong(v -> (long) v).toArray();
            float[] y = new float[n];
            double[] wide = shape.y(n, random);
            for (int i = 0; i < n; i++) {
              y[i] = (float) wide[i];
              wide[i] = y[i];
            }
            double[] wideX = Arrays.stream(x).asDoubleStream().toArray();
            return new Case(wideX, wide, nOut, Source.of(Points.of(x, y)));
          });
    }

    @Test
    void ofAnyOtherStorage() {
      rounds(
          Shape.WALK,
          (random, n, nOut) -> {
            double[] x = Shape.increasing(n, random);
            double[] y = Shape.WALK.y(n, random);
            return new Case(x, y, nOut, Source.of(new Pairs(x, y)));
          });
    }

    private void rounds(Shape shape, CaseMaker maker) {
      for (int seed = 0; seed < ROUNDS; seed++) {
        Random random = new Random(seed);
        int n = 3 + random.nextInt(seed % 4 == 0 ? 20_000 : 2_000);
        int nOut = Math.clamp(2 + random.nextInt(seed % 3 == 0 ? 10 : n), 3, n - 1);
        if (n <= 3) {
          continue;
        }
        Case next = maker.make(random, n, nOut);
        int[] expected = TextbookLttb.select(next.x, next.y, nOut);
        for (Kernel kernel : new Kernel[] {new ScalarKernel(), new VectorKernel()}) {
          assertThat(new LttbRun(next.source, 0, n, nOut, kernel).select())
              .describedAs("%s, seed %d, %d of %d, %s", shape, seed, nOut, n, kernel)
              .isEqualTo(expected);
        }
      }
    }

    private static double[] ramp(int n) {
      return IntStream.range(0, n).asDoubleStream().toArray();
    }
  }

  private interface CaseMaker {
    Case make(Random random, int n, int nOut);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Case(double[] x, double[] y, int nOut, Source source) {}

  /** Storage of a host's own. */
  private static final class Pairs implements Points {
    private final double[] interleaved;

    Pairs(double[] x, double[] y) {
      interleaved = new double[2 * x.length];
      for (int i = 0; i < x.length; i++) {
        interleaved[2 * i] = x[i];
        interleaved[2 * i + 1] = y[i];
      }
    }

    @Override
    public int size() {
      return interleaved.length / 2;
    }

    @Override
    public double x(int i) {
      return interleaved[2 * i];
    }

    @Override
    public double y(int i) {
      return interleaved[2 * i + 1];
    }
  }

  @Test
  void theVectorApiIsUsedWhereTheJvmHasIt() {
    assertThat(Kernel.fastest()).isInstanceOf(VectorKernel.class);
  }

  @Test
  void everyStorageOfTheSameNumbersGivesTheSameIndices() {
    Random random = new Random(7);
    int n = 5_000;
    long[] longs = random.longs(n, -1000, 1000).toArray();
    double[] doubles = Arrays.stream(longs).asDoubleStream().toArray();
    float[] floats = new float[n];
    for (int i = 0; i < n; i++) {
      floats[i] = longs[i];
    }
    long[] longX = IntStream.range(0, n).mapToLong(i -> i * 3L).toArray();
    double[] doubleX = Arrays.stream(longX).asDoubleStream().toArray();
    float[] floatX = new float[n];
    for (int i = 0; i < n; i++) {
      floatX[i] = longX[i];
    }

    int[] expected = Lttb.indices(Points.of(doubleX, doubles), 100);

    assertThat(
            new Points[] {
              Points.of(doubleX, floats),
              Points.of(doubleX, longs),
              Points.of(floatX, doubles),
              Points.of(floatX, floats),
              Points.of(floatX, longs),
              Points.of(longX, doubles),
              Points.of(longX, floats),
              Points.of(longX, longs)
            })
        .allSatisfy(points -> assertThat(Lttb.indices(points, 100)).isEqualTo(expected));
    assertThat(Lttb.indices(Points.of(floats), 100))
        .isEqualTo(Lttb.indices(Points.of(doubles), 100))
        .isEqualTo(Lttb.indices(Points.of(longs), 100));
  }

  @Nested
  class WhenThereIsLittleToSelect {
    @Test
    void allPointsAreSelectedWhereTheBudgetAllowsIt() {
      assertThat(Lttb.indices(Points.of(new double[] {3, 1, 2}), 3)).containsExactly(0, 1, 2);
      assertThat(Lttb.indices(Points.of(new double[] {3, 1, 2}), 1000)).containsExactly(0, 1, 2);
    }

    @Test
    void twoPointsAreTheFirstAndTheLast() {
      assertThat(Lttb.indices(Points.of(new double[] {3, 1, 2, 9, 4}), 2)).containsExactly(0, 4);
    }

    @Test
    void ofNothingNothingIsSelected() {
      assertThat(Lttb.indices(Points.of(new double[0]), 2)).isEmpty();
      assertThat(Lttb.points(Points.of(new double[0], new double[0]), 5).size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1, Integer.MIN_VALUE})
    void aBudgetBelowTwoIsRefused(int nOut) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Lttb.indices(Points.of(new double[] {1, 2, 3}), nOut))
          .withMessage("nOut was '%d' but it must be at least 2", nOut);
    }
  }

  @Nested
  class WhenXIsWrong {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 100, 700, 998, 999})
    void anXThatDecreasesIsNamed(int at) {
      double[] x = IntStream.range(0, 1000).asDoubleStream().toArray();
      x[at] = -5;
      for (int nOut : new int[] {2, 3, 10, 999, 2000}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Lttb.indices(Points.of(x, new double[1000]), nOut))
            .withMessageStartingWith(
                "x[%d] was '-5.0' but it must be larger than x[%d]", at, at - 1);
      }
    }

    @Test
    void anXThatRepeatsIsNamedWithTheWayOut() {
      long[] x = {10, 20, 20, 30, 40};
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Lttb.indices(Points.of(x, new double[5]), 3))
          .withMessage(
              "x[2] was '20.0' but it must be larger than x[1], '20.0';"
                  + " Points.allowingEqualX() accepts equal neighbours");
      assertThat(Lttb.indices(Points.of(x, new double[5]).allowingEqualX(), 3)).hasSize(3);
    }

    @Test
    void anXThatDecreasesIsRefusedWhereItMayRepeatToo() {
      Points points = Points.of(new float[] {1, 2, 2, 1, 3}, new long[5]).allowingEqualX();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Lttb.indices(points, 3))
          .withMessage("x[3] was '1.0' but it must be larger than x[2], '2.0'");
    }

    @ParameterizedTest
    @ValueSource(doubles = {NAN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void anXThatIsNotFiniteIsNamed(double wrong) {
      for (int at : new int[] {0, 1, 300, 999}) {
        double[] x = IntStream.range(0, 1000).asDoubleStream().toArray();
        x[at] = wrong;
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Lttb.indices(Points.of(x, new double[1000]), 10))
            .withMessage("x[%d] was '%s' but it must be finite", at, wrong);
      }
    }

    @Test
    void columnsOfDifferentLengthAreRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Points.of(new double[2], new double[3]))
          .withMessage("x had 2 values but it must have as many as y, 3");
    }
  }

  @Nested
  class WhenThereAreGaps {
    @Test
    void aGapIsKeptAsItsFirstPointAndTheRunsAreDownsampledOnTheirOwn() {
      double[] y = Shape.WALK.y(1000, new Random(3));
      Arrays.fill(y, 400, 420, NAN);

      int[] shown = Lttb.indices(Points.of(y), 50);

      assertThat(shown).hasSize(50).startsWith(0).endsWith(999).contains(399, 400, 420);
      assertThat(shown).doesNotContain(401, 419);
      assertThat(Arrays.stream(shown).filter(i -> Double.isNaN(y[i]))).containsExactly(400);
    }

    @Test
    void infiniteValuesAreGapsToo() {
      double[] y = Shape.NOISE.y(1000, new Random(3));
      y[10] = Double.POSITIVE_INFINITY;
      y[500] = Double.NEGATIVE_INFINITY;

      assertThat(Lttb.indices(Points.of(y), 30)).hasSize(30).contains(9, 10, 11, 499, 500, 501);
    }

    @Test
    void theFirstAndTheLastPointAreKeptWhereTheyAreGaps() {
      double[] y = Shape.NOISE.y(1000, new Random(3));
      Arrays.fill(y, 0, 7, NAN);
      Arrays.fill(y, 900, 1000, NAN);

      int[] shown = Lttb.indices(Points.of(y), 20);

      assertThat(shown).hasSize(20).startsWith(0, 7).endsWith(899, 999);
    }

    @Test
    void nothingButAGapIsItsFirstAndItsLastPoint() {
      double[] y = new double[100];
      Arrays.fill(y, NAN);
      assertThat(Lttb.indices(Points.of(y), 10)).containsExactly(0, 99);
    }

    @Test
    void ofTooManyGapsTheLongestAreKept() {
      double[] y = Shape.NOISE.y(10_000, new Random(3));
      for (int i = 5; i < 9_990; i += 10) {
        y[i] = NAN;
      }
      Arrays.fill(y, 5_001, 5_009, NAN);

      int[] shown = Lttb.indices(Points.of(y), 50);

      assertThat(shown).hasSize(50).startsWith(0).endsWith(9_999).contains(5_000, 5_001, 5_009);
    }

    @Test
    void theBudgetHoldsForEveryPatternOfGaps() {
      for (int seed = 0; seed < 2_000; seed++) {
        Random random = new Random(seed);
        int n = 3 + random.nextInt(60);
        double[] y = Shape.WALK.y(n, random);
        double share = random.nextDouble();
        for (int i = 0; i < n; i++) {
          y[i] = random.nextDouble() < share ? NAN : y[i];
        }
        int nOut = 2 + random.nextInt(n);

        assertThat(Lttb.indices(Points.of(y), nOut))
            .describedAs("seed %d, %d of %s", seed, nOut, Arrays.toString(y))
            .hasSizeLessThanOrEqualTo(nOut)
            .startsWith(0)
            .endsWith(n - 1)
            .isSorted()
            .doesNotHaveDuplicates();
      }
    }
  }
}
