package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingLttbTest {
  private static final int LARGE = 1_000_000;

  private static double[] xOf(Points points) {
    return IntStream.range(0, points.size()).mapToDouble(points::x).toArray();
  }

  private static double[] yOf(Points points) {
    return IntStream.range(0, points.size()).mapToDouble(points::y).toArray();
  }

  private static double[] irregular(int size, Random random) {
    double[] x = new double[size];
    for (int i = 1; i < size; i++) {
      x[i] = x[i - 1] + 0.001 + random.nextDouble();
    }
    return x;
  }

  /** Their sums depend on the order of adding, and triangles that would be equal differ by it. */
  private static double[] tenths(int size) {
    return IntStream.range(0, size).mapToDouble(i -> 0.1 * i).toArray();
  }

  private static double[] shownX(StreamingLttb stream) {
    return xOf(stream.snapshot());
  }

  @ParameterizedTest
  @EnumSource
  void equalsLttbWheneverOnePointFollowsAFullBucket(Shape shape) {
    for (int bucketSize : new int[] {1, 2, 3, 7, 8, 10, 24, 64, 100, 129}) {
      Random random = new Random(bucketSize);
      int size = 2 + 20 * bucketSize;
      double[] x = bucketSize % 2 == 0 ? tenths(size) : irregular(size, random);
      double[] y = shape.y(size, random);
      StreamingLttb stream = new StreamingLttb(bucketSize, LARGE);
      for (int n = 1; n <= size; n++) {
        stream.append(x[n - 1], y[n - 1]);
        if (n >= 2 && (n - 2) % bucketSize == 0) {
          assertShowsWhatLttbSelects(stream, Arrays.copyOf(x, n), Arrays.copyOf(y, n), bucketSize);
        }
      }
    }
  }

  private static void assertShowsWhatLttbSelects(
      StreamingLttb stream, double[] x, double[] y, int bucketSize) {
    int nOut = 2 + (x.length - 2) / bucketSize;
    Points expected = Lttb.points(Points.of(x, y), nOut);
    Points shown = stream.snapshot();
    String what = "%d points in buckets of %d".formatted(x.length, bucketSize);
    assertThat(xOf(shown)).as(what).isEqualTo(xOf(expected));
    assertThat(yOf(shown)).as(what).isEqualTo(yOf(expected));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 50})
  void anAppendChangesTheLastTwoPointsShownAtMost(int bucketSize) {
    Random random = new Random(bucketSize);
    StreamingLttb stream = new StreamingLttb(bucketSize, LARGE);
    double[] before = {};
    for (int i = 0; i < 2_000; i++) {
      stream.append(i, random.nextInt(60) == 0 ? Double.NaN : random.nextGaussian());
      double[] now = shownX(stream);

      int stable = Math.max(0, before.length - 2);
      assertThat(Arrays.copyOf(now, stable)).isEqualTo(Arrays.copyOf(before, stable));
      assertThat(now[now.length - 1]).isLessThanOrEqualTo(i);
      before = now;
    }
  }

  @Test
  void settledPointsNeverChange() {
    Random random = new Random(4);
    StreamingLttb stream = new StreamingLttb(10, LARGE);
    double[] settled = {};
    for (int i = 0; i < 2_000; i++) {
      stream.append(i, random.nextInt(100) == 0 ? Double.NaN : random.nextGaussian());
      double[] shown = shownX(stream);

      assertThat(stream.settled()).isGreaterThanOrEqualTo(settled.length);
      assertThat(Arrays.copyOf(shown, settled.length)).isEqualTo(settled);
      assertThat(shown.length - stream.settled()).isBetween(0, 2);
      settled = Arrays.copyOf(shown, stream.settled());
    }
  }

  @Test
  void theNewestPointIsAlwaysShown() {
    StreamingLttb stream = new StreamingLttb(10, LARGE);
    for (int i = 0; i < 100; i++) {
      stream.append(i, i % 7);

      double[] shown = shownX(stream);
      assertThat(shown[0]).isZero();
      assertThat(shown[shown.length - 1]).isEqualTo(i);
    }
  }

  @Test
  void nothingIsShownOfNothing() {
    StreamingLttb stream = new StreamingLttb(10, LARGE);

    assertThat(stream.snapshot().size()).isZero();
    assertThat(stream.settled()).isZero();
    assertThat(stream.dropped()).isZero();
  }

  @Test
  void aGapEndsARunAndTheNextOneBeginsAnew() {
    StreamingLttb stream = new StreamingLttb(5, LARGE);
    for (int i = 0; i < 100; i++) {
      boolean inGap = i >= 48 && i < 60;
      stream.append(i, inGap ? i % 2 == 0 ? Double.NaN : 1 / 0.0 : i % 7);
    }

    Points shown = stream.snapshot();
    assertThat(xOf(shown)).contains(47, 48, 60, 99).doesNotContain(49, 59);
    assertThat(Arrays.stream(yOf(shown)).filter(y -> !Double.isFinite(y))).hasSize(1);
    assertThat(xOf(shown)).isSorted();
  }

  @Test
  void aRunAfterAGapIsSelectedAsIfItWereAlone() {
    Random random = new Random(8);
    double[] y = Shape.WALK.y(72, random);
    StreamingLttb alone = new StreamingLttb(7, LARGE);
    StreamingLttb after = new StreamingLttb(7, LARGE);
    after.append(-2, 1);
    after.append(-1, Double.NaN);
    for (int i = 0; i < y.length; i++) {
      alone.append(i, y[i]);
      after.append(i, y[i]);
    }

    double[] shown = shownX(after);
    assertThat(Arrays.copyOfRange(shown, 2, shown.length)).isEqualTo(shownX(alone));
  }

  @Test
  void aGapAtTheBeginningIsOneMark() {
    StreamingLttb stream = new StreamingLttb(5, LARGE);
    stream.append(0, Double.NaN);
    stream.append(1, Double.NaN);
    stream.append(2, 7);

    assertThat(shownX(stream)).containsExactly(0, 2);
  }

  @Test
  void aRunOfOnePointIsShown() {
    StreamingLttb stream = new StreamingLttb(5, LARGE);
    stream.append(0, 1);
    stream.append(1, Double.NaN);
    stream.append(2, 2);
    stream.append(3, Double.NaN);

    assertThat(shownX(stream)).containsExactly(0, 1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 20, 65, 100})
  void beyondTheCapacityTheOldestSettledPointsAreDropped(int capacity) {
    StreamingLttb bounded = new StreamingLttb(3, capacity);
    StreamingLttb endless = new StreamingLttb(3, LARGE);
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      double y = random.nextInt(50) == 0 ? Double.NaN : random.nextGaussian();
      bounded.append(i, y);
      endless.append(i, y);

      assertThat(bounded.settled()).isLessThanOrEqualTo(capacity);
      assertThat(bounded.dropped() + bounded.settled()).isEqualTo(endless.settled());
    }
    double[] all = shownX(endless);
    assertThat(bounded.settled()).isGreaterThanOrEqualTo(capacity - Math.max(1, capacity / 8));
    assertThat(shownX(bounded))
        .isEqualTo(Arrays.copyOfRange(all, (int) bounded.dropped(), all.length));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, bucketSize was '0' but it must be at least 1",
    "1, 1, capacity was '1' but it must be at least 2",
  })
  void wrongSizesAreRefused(int bucketSize, int capacity, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StreamingLttb(bucketSize, capacity))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void anXThatDoesNotIncreaseIsRefusedAndNothingChanges(double x) {
    StreamingLttb stream = new StreamingLttb(1, 2);
    stream.append(1, 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.append(x, 2))
        .withMessage(
            "x was '" + x + "' but it must be finite and larger than the one before, '1.0'");
    assertThat(shownX(stream)).containsExactly(1);
  }
}
