package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSeriesTest {
  private static final int BLOCK = Segment.BLOCK;
  private static final int SEGMENT = Segment.SIZE;
  private static final int UNBOUNDED = 1_000_000_000;

  /** A series of value i at time i. */
  private static TimeSeries upTo(int size, long window, int maxPoints) {
    TimeSeries series = new TimeSeries(window, maxPoints);
    assertThat(series.append(ramp(size), doubles(ramp(size)))).isZero();
    return series;
  }

  private static long[] ramp(int size) {
    return LongStream.range(0, size).toArray();
  }

  private static double[] doubles(long... values) {
    return Arrays.stream(values).mapToDouble(value -> value).toArray();
  }

  private static TimeSeries.Range all(TimeSeries series) {
    return series.range(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  private static void assertHolds(TimeSeries series, NavigableMap<Long, Double> expected) {
    TimeSeries.Range all = all(series);
    assertThat(series.size()).isEqualTo(expected.size());
    assertThat(all.times).isEqualTo(longs(expected));
    assertThat(all.values).isEqualTo(values(expected));
  }

  private static long[] longs(NavigableMap<Long, Double> points) {
    return points.keySet().stream().mapToLong(time -> time).toArray();
  }

  private static double[] values(NavigableMap<Long, Double> points) {
    return points.values().stream().mapToDouble(value -> value).toArray();
  }

  @Nested
  class Appending {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK - 1, BLOCK, BLOCK + 1, SEGMENT - 1, SEGMENT, SEGMENT + 1})
    void pointsAreKeptAcrossBlocksAndSegments(int size) {
      TimeSeries columns = upTo(size, 0, UNBOUNDED);
      TimeSeries single = new TimeSeries(0, UNBOUNDED);
      for (int i = 0; i < size; i++) {
        assertThat(single.append(i, i)).isTrue();
      }

      assertThat(all(columns).times).isEqualTo(ramp(size));
      assertThat(all(columns).values).isEqualTo(doubles(ramp(size)));
      assertThat(all(single).times).isEqualTo(ramp(size));
      assertThat(all(single).values).isEqualTo(doubles(ramp(size)));
    }

    @Test
    void theLastValueOfATimeCounts() {
      TimeSeries series = upTo(SEGMENT + 10, SEGMENT, UNBOUNDED);

      assertThat(series.append(SEGMENT + 9, -1)).isTrue();
      assertThat(series.append(SEGMENT - 1, -2)).isTrue();

      assertThat(series.size()).isEqualTo(SEGMENT + 10);
      assertThat(series.range(SEGMENT - 1, SEGMENT).valueAt(0)).isEqualTo(-2);
      assertThat(series.range(SEGMENT + 9, SEGMENT + 10).valueAt(0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {BLOCK, SEGMENT})
    void latePointsGoBetweenOthersAcrossABorder(int border) {
      TimeSeries series = new TimeSeries(100, UNBOUNDED);
      TreeMap<Long, Double> expected = new TreeMap<>();
      for (int i = 0; i < border + 10; i++) {
        series.append(2L * i, i);
        expected.put(2L * i, (double) i);
      }

      for (long late : new long[] {2L * border - 1, 2L * border - 21, 2L * border + 17}) {
        assertThat(series.append(late, (double) -late)).isTrue();
        expected.put(late, (double) -late);
      }

      assertHolds(series, expected);
    }

    @Test
    void lateColumnsAreMerged() {
      TimeSeries series = upTo(10, 100, UNBOUNDED);
      TreeMap<Long, Double> expected = new TreeMap<>();
      LongStream.range(0, 10).forEach(i -> expected.put(i, (double) i));

      assertThat(series.append(new long[] {-5, 3, 8, 9, 10, 15}, doubles(1, 2, 3, 4, 5, 6)))
          .isZero();

      long[] times = {-5, 3, 8, 9, 10, 15};
      IntStream.range(0, 6).forEach(i -> expected.put(times[i], i + 1.0));
      assertHolds(series, expected);
    }

    @Test
    void aPointTooFarBehindTheNewestIsRefused() {
      TimeSeries series = new TimeSeries(10, UNBOUNDED);
      series.append(100, 1);

      assertThat(series.append(89, 2)).isFalse();
      assertThat(series.append(90, 3)).isTrue();
      assertThat(series.append(new long[] {0, 89, 95, 101}, new double[4])).isEqualTo(2);

      assertThat(all(series).times).containsExactly(90, 95, 100, 101);
    }

    @Test
    void aWindowOfZeroTakesTheNewestTimeAlone() {
      TimeSeries series = upTo(3, 0, UNBOUNDED);

      assertThat(series.append(1, 9)).isFalse();
      assertThat(series.append(2, 9)).isTrue();

      assertThat(all(series).values).containsExactly(0, 1, 9);
    }

    @Test
    void anEndlessWindowTakesEverything() {
      TimeSeries series = new TimeSeries(Long.MAX_VALUE, UNBOUNDED);
      long far = 1L << 61;

      series.append(far, 1);
      series.append(-far, 2);
      series.append(0, 3);

      assertThat(all(series).times).containsExactly(-far, 0, far);
    }

    @Test
    void columnsAreCopied() {
      long[] times = {1, 2};
      double[] values = {3, 4};
      TimeSeries series = new TimeSeries(0, UNBOUNDED);
      series.append(times, values);

      times[0] = 7;
      values[0] = 7;

      assertThat(all(series).times).containsExactly(1, 2);
      assertThat(all(series).values).containsExactly(3, 4);
    }

    @ParameterizedTest
    @CsvSource({
      "-1, 1, window was '-1' but it must not be negative",
      "0, 0, maxPoints was '0' but it must be from 1 to 2000000000",
      "0, 2000000001, maxPoints was '2000000001' but it must be from 1 to 2000000000",
    })
    void wrongBoundsAreRefused(long window, int maxPoints, String message) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TimeSeries(window, maxPoints))
          .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -(1L << 61) - 1, (1L << 61) + 1, Long.MAX_VALUE})
    void timesOfWhichTheDifferenceMightOverflowAreRefused(long time) {
      TimeSeries series = new TimeSeries(0, 1);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> series.append(time, 0))
          .withMessageStartingWith("time was '" + time + "' but it must be from ");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> series.append(new long[] {time}, new double[1]))
          .withMessageStartingWith("times[0] was '" + time + "' but it must be from ");
    }

    @Test
    void columnsOfDifferentLengthsOrTimesThatDoNotIncreaseAreRefused() {
      TimeSeries series = new TimeSeries(0, 1);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> series.append(new long[2], new double[3]))
          .withMessage("values had 3 entries but must have as many as times, 2");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> series.append(new long[] {1, 2, 2}, new double[3]))
          .withMessage("times[2] was '2' but it must be larger than times[1], '2'");
    }
  }

  @Nested
  class Trimming {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, BLOCK, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 140_000})
    void whatIsBeforeTheTimeGoes(int time) {
      TimeSeries series = upTo(140_000, 0, UNBOUNDED);

      series.trimBefore(time);

      assertThat(all(series).times).isEqualTo(LongStream.range(time, 140_000).toArray());
    }

    @Test
    void anEmptySeriesGoesOn() {
      TimeSeries series = upTo(300, 1_000, UNBOUNDED);

      series.trimBefore(Long.MAX_VALUE);
      assertThat(series.size()).isZero();
      series.append(300, 7);

      assertThat(all(series).times).containsExactly(300);
    }

    @Test
    void whatIsTrimmedCannotComeBack() {
      TimeSeries series = upTo(300, 1_000, UNBOUNDED);
      series.trimBefore(200);

      assertThat(series.append(199, 1)).isFalse();
      assertThat(series.append(200, 1)).isTrue();
      series.trimBefore(Long.MAX_VALUE);
      assertThat(series.append(299, 1)).isFalse();

      assertThat(series.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, BLOCK, SEGMENT, SEGMENT + 1})
    void theOldestGoBeyondTheMostPoints(int maxPoints) {
      TimeSeries series = upTo(140_000, 0, maxPoints);

      assertThat(all(series).times)
          .isEqualTo(LongStream.range(140_000 - maxPoints, 140_000).toArray());
    }

    @Test
    void aLatePointOfAFullSeriesPushesTheOldestOut() {
      TimeSeries series = new TimeSeries(100, 3);
      series.append(new long[] {10, 20, 30}, new double[3]);

      assertThat(series.append(15, 1)).isTrue();

      assertThat(all(series).times).containsExactly(15, 20, 30);
    }

    @Test
    void aPointOlderThanAllOfAFullSeriesIsRefused() {
      TimeSeries series = new TimeSeries(100, 3);
      series.append(new long[] {10, 20, 30}, new double[3]);

      assertThat(series.append(5, 1)).isFalse();
      assertThat(series.append(new long[] {5, 6}, new double[2])).isEqualTo(2);

      assertThat(all(series).times).containsExactly(10, 20, 30);
    }
  }

  @Nested
  class Ranges {
    private final TimeSeries series = upTo(100_000, 0, UNBOUNDED);

    @ParameterizedTest
    @CsvSource({
      "0, 100000, 100000",
      "-5, 3, 3",
      "99999, 200000, 1",
      "65530, 65540, 10",
      "7, 7, 0",
      "9, 3, 0",
      "-9, -3, 0",
      "100000, 100001, 0",
    })
    void theyAreHalfOpen(long from, long to, int count) {
      assertThat(series.count(from, to)).isEqualTo(count);
      assertThat(series.range(from, to).times)
          .isEqualTo(LongStream.range(Math.max(0, from), Math.min(100_000, to)).toArray())
          .hasSize(count);
    }

    @Test
    void extremeTimesAreBounds() {
      assertThat(series.count(Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(100_000);
      assertThat(series.downsample(Long.MIN_VALUE, Long.MAX_VALUE, 10).size()).isEqualTo(10);
    }
  }

  /** What a series holds, in the plainest way. */
  private static final class Model {
    final TreeMap<Long, Double> points = new TreeMap<>();
    final long window;
    final int maxPoints;
    private long newest = Long.MIN_VALUE;
    private long trimmedUpTo = Long.MIN_VALUE;
    private int trimmed;

    Model(long window, int maxPoints) {
      this.window = window;
      this.maxPoints = maxPoints;
    }

    boolean append(long time, double value) {
      if (time <= newest
          && (time <= trimmedUpTo
              || time < newest - window
              || (points.size() == maxPoints && time < points.firstKey()))) {
        return false;
      }
      points.put(time, value);
      newest = Math.max(newest, time);
      if (points.size() > maxPoints) {
        dropOldest();
      }
      return true;
    }

    void trimBefore(long time) {
      while (!points.isEmpty() && points.firstKey() < time) {
        dropOldest();
      }
    }

    private void dropOldest() {
      trimmedUpTo = points.pollFirstEntry().getKey();
      trimmed = points.isEmpty() ? 0 : trimmed + 1;
    }

    /** The points of a range as LTTB sees them. */
    int[] select(long from, long to, int nOut) {
      NavigableMap<Long, Double> range = points.subMap(from, true, to, false);
      double[] x = range.keySet().stream().mapToDouble(time -> time - range.firstKey()).toArray();
      int phase = (trimmed + points.headMap(from).size()) % BLOCK;
      return new BlockwiseLttb(x, values(range), phase).select(nOut);
    }
  }

  /** Does the same to a series and a model. */
  private static final class Twins {
    final Random random;
    final TimeSeries series;
    final Model model;
    final Shape shape;
    private long newest;

    Twins(long seed, Shape shape, long window, int maxPoints) {
      this.random = new Random(seed);
      this.shape = shape;
      this.series = new TimeSeries(window, maxPoints);
      this.model = new Model(window, maxPoints);
    }

    void appendColumns(int size) {
      long[] times = new long[size];
      double[] values = shape.y(size, random);
      long time = newest + 1 - random.nextLong(2 * model.window);
      int refused = 0;
      for (int i = 0; i < size; i++) {
        times[i] = time;
        refused += model.append(time, values[i]) ? 0 : 1;
        time += random.nextInt(1, 4);
      }
      assertThat(series.append(times, values)).isEqualTo(refused);
      newest = Math.max(newest, times[size - 1]);
    }

    void appendOne() {
      long time =
          random.nextInt(3) > 0
              ? newest + random.nextInt(1, 4)
              : newest - random.nextLong(model.window + model.window / 5);
      double next = shape.y(1, random)[0];
      assertThat(series.append(time, next)).isEqualTo(model.append(time, next));
      newest = Math.max(newest, time);
    }

    void trim() {
      if (!model.points.isEmpty()) {
        long time = model.points.firstKey() + random.nextLong(2_000);
        series.trimBefore(time);
        model.trimBefore(time);
      }
    }

    void compare() {
      assertHolds(series, model.points);
    }

    /** Downsamples a random range and compares it with the textbook. */
    void downsample() {
      if (model.points.size() < 4) {
        return;
      }
      long first = model.points.firstKey();
      long span = model.points.lastKey() + 1 - first;
      long from = random.nextInt(4) == 0 ? first : first + random.nextLong(span);
      long to = random.nextInt(4) == 0 ? first + span : from + random.nextLong(first + span - from);
      int size = series.count(from, to);
      if (size > 3) {
        downsample(from, to, random.nextInt(2, random.nextBoolean() ? Math.min(size, 20) : size));
      }
    }

    private void downsample(long from, long to, int nOut) {
      NavigableMap<Long, Double> range = model.points.subMap(from, true, to, false);
      int[] expected = model.select(from, to, nOut);

      TimeSeries.Range actual = series.downsample(from, to, nOut);

      long[] times = longs(range);
      assertThat(actual.times)
          .as("[%d, %d) of %s to %d", from, to, shape, nOut)
          .isEqualTo(Arrays.stream(expected).mapToLong(i -> times[i]).toArray());
      assertThat(actual.values)
          .isEqualTo(Arrays.stream(actual.times).mapToDouble(range::get).toArray());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomOperationsAgreeWithAModel(long seed) {
    Twins twins = new Twins(seed, Shape.WALK, 700, seed % 2 == 0 ? UNBOUNDED : 3_000);
    for (int i = 0; i < 3_000; i++) {
      switch (twins.random.nextInt(40)) {
        case 0 -> twins.trim();
        case 1 -> twins.appendColumns(twins.random.nextInt(1, 600));
        case 2 -> twins.compare();
        default -> twins.appendOne();
      }
    }
    twins.compare();
  }

  @Test
  void randomOperationsAroundSegmentBordersAgreeWithAModel() {
    Twins twins = new Twins(11, Shape.WALK, 3_000, 150_000);
    while (twins.model.points.size() < SEGMENT - 1_000) {
      twins.appendColumns(5_000);
    }
    for (int i = 0; i < 3_000; i++) {
      twins.appendOne();
    }
    twins.compare();
    for (int i = 0; i < 30; i++) {
      twins.appendColumns(5_000);
      twins.appendOne();
      twins.trim();
      twins.downsample();
    }
    twins.compare();
  }

  @Nested
  class Downsampling {
    @ParameterizedTest
    @EnumSource
    void selectsWhatTheTextbookSelects(Shape shape) {
      for (long seed = 0; seed < 8; seed++) {
        Twins twins = new Twins(seed, shape, 300, UNBOUNDED);
        twins.appendColumns(twins.random.nextInt(3, 9_000));
        for (int i = 0; i < 12; i++) {
          twins.downsample();
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void selectsWhatTheTextbookSelectsAfterTrimmingAndLatePoints(Shape shape) {
      for (long seed = 0; seed < 4; seed++) {
        Twins twins = new Twins(seed, shape, 300, 4_000);
        twins.appendColumns(3_000);
        for (int i = 0; i < 15; i++) {
          twins.appendColumns(twins.random.nextInt(1, 800));
          IntStream.range(0, 30).forEach(k -> twins.appendOne());
          twins.trim();
          twins.downsample();
        }
      }
    }

    @ParameterizedTest
    @EnumSource
    void selectsWhatTheTextbookSelectsOfManyPoints(Shape shape) {
      Twins twins = new Twins(5, shape, 300, UNBOUNDED);
      twins.appendColumns(200_000);
      for (int i = 0; i < 4; i++) {
        twins.downsample();
      }
    }

    @Test
    void replacedValuesCountInTheirBlocks() {
      Random random = new Random(6);
      double[] values = Shape.WALK.y(5_000, random);
      TimeSeries series = new TimeSeries(UNBOUNDED, UNBOUNDED);
      series.append(ramp(5_000), values);
      for (int nOut = 3; nOut < 60; nOut++) {
        int replaced = random.nextInt(5_000);
        values[replaced] = 1_000 * random.nextGaussian();
        series.append(replaced, values[replaced]);

        int[] expected = new BlockwiseLttb(doubles(ramp(5_000)), values, 0).select(nOut);
        assertThat(series.downsample(0, 5_000, nOut).times)
            .isEqualTo(Arrays.stream(expected).asLongStream().toArray());
      }
    }

    @Test
    void timesBeforeTheEpochAreTimes() {
      TimeSeries series = new TimeSeries(0, UNBOUNDED);
      Random random = new Random(9);
      double[] values = Shape.WALK.y(2_000, random);
      series.append(LongStream.range(-1_000, 1_000).toArray(), values);

      int[] expected = new BlockwiseLttb(doubles(ramp(2_000)), values, 0).select(77);

      assertThat(series.downsample(-1_000, 1_000, 77).times)
          .isEqualTo(Arrays.stream(expected).mapToLong(i -> i - 1_000L).toArray());
    }

    @Test
    void timesFarApartDoNotOverflow() {
      TimeSeries series = new TimeSeries(0, UNBOUNDED);
      long step = (1L << 62) / 1_000;
      long[] times = LongStream.range(0, 1_000).map(i -> -(1L << 61) + i * step).toArray();
      double[] values = new double[1_000];
      values[500] = 1;
      series.append(times, values);

      TimeSeries.Range shown = series.downsample(Long.MIN_VALUE, Long.MAX_VALUE, 12);

      assertThat(shown.times).contains(times[500]).isSorted().hasSize(12);
    }

    @Test
    void fewPointsAreAllSelected() {
      TimeSeries series = upTo(10, 0, UNBOUNDED);

      assertThat(series.downsample(2, 8, 6).times).containsExactly(2, 3, 4, 5, 6, 7);
      assertThat(series.downsample(2, 8, 100).times).hasSize(6);
      assertThat(series.downsample(8, 2, 5).times).isEmpty();
      assertThat(series.downsample(100, 200, 5).times).isEmpty();
    }

    @Test
    void ofTwoTheFirstAndTheLastAreSelected() {
      assertThat(upTo(1_000, 0, UNBOUNDED).downsample(10, 900, 2).times).containsExactly(10, 899);
    }

    @Test
    void fewerThanTwoCannotBeAskedFor() {
      TimeSeries series = upTo(10, 0, UNBOUNDED);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> series.downsample(0, 10, 1))
          .withMessage("nOut was '1' but it must be at least 2");
    }
  }

  @Nested
  class WithGaps {
    /** Where points are not finite, as pairs of first and end. */
    private TimeSeries series(int size, int... gaps) {
      double[] values = Shape.WALK.y(size, new Random(size));
      for (int i = 0; i < gaps.length; i += 2) {
        Arrays.fill(values, gaps[i], gaps[i + 1], i % 4 == 0 ? Double.NaN : -1 / 0.0);
      }
      TimeSeries series = new TimeSeries(0, UNBOUNDED);
      series.append(ramp(size), values);
      return series;
    }

    private static long marks(TimeSeries.Range range) {
      return Arrays.stream(range.values).filter(value -> !Double.isFinite(value)).count();
    }

    @ParameterizedTest
    @CsvSource({
      "10, 11",
      "255, 257",
      "256, 512",
      "200, 2000",
      "65535, 65537",
      "1, 2",
      "69998, 69999",
    })
    void aGapIsOneMark(int from, int to) {
      TimeSeries.Range shown = series(70_000, from, to).downsample(0, 70_000, 500);

      assertThat(marks(shown)).isEqualTo(1);
      assertThat(shown.times).hasSize(500).isSorted().contains(0, from - 1L, from, to, 69_999L);
    }

    @Test
    void gapsAtBothEndsKeepTheFirstAndTheLastTime() {
      TimeSeries.Range shown =
          series(70_000, 0, 300, 40_000, 40_001, 65_500, 70_000).downsample(0, 70_000, 100);

      assertThat(marks(shown)).isEqualTo(3);
      assertThat(shown.times).hasSize(100).contains(0, 300, 39_999, 40_000, 40_001, 65_499, 69_999);
    }

    @Test
    void aRangeThatCutsAGapShowsIt() {
      TimeSeries.Range shown = series(3_000, 1_000, 2_000).downsample(1_500, 3_000, 50);

      assertThat(marks(shown)).isEqualTo(1);
      assertThat(shown.times).hasSize(50).startsWith(1_500).contains(2_000, 2_999);
    }

    @Test
    void aGapOutsideTheRangeDoesNotMatter() {
      TimeSeries with = series(3_000, 1_000, 1_010);
      TimeSeries without = series(3_000);

      assertThat(with.downsample(1_010, 3_000, 50).times)
          .isEqualTo(without.downsample(1_010, 3_000, 50).times);
      assertThat(with.downsample(0, 1_000, 50).times)
          .isEqualTo(without.downsample(0, 1_000, 50).times);
    }

    @Test
    void nothingButAGapIsAMark() {
      TimeSeries.Range shown = series(1_000, 0, 1_000).downsample(0, 1_000, 10);

      assertThat(shown.size()).isBetween(1, 2);
      assertThat(marks(shown)).isEqualTo(shown.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 10, 50, 333, 1_000})
    void moreGapsThanTheBudgetKeepToIt(int nOut) {
      int[] gaps = new int[1_000];
      for (int i = 0; i < 500; i++) {
        gaps[2 * i] = 10 * i + 5;
        gaps[2 * i + 1] = 10 * i + 6 + i % 3;
      }

      TimeSeries.Range shown = series(5_000, gaps).downsample(0, 5_000, nOut);

      assertThat(shown.size()).isLessThanOrEqualTo(nOut);
      assertThat(shown.times).isSorted().doesNotHaveDuplicates().contains(0, 4_999);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomGapsKeepTheFirstAndTheLastAndStayWithinTheBudget(int seed) {
      Random random = new Random(seed);
      TimeSeries series = new TimeSeries(0, UNBOUNDED);
      double[] values = new double[5_000];
      boolean inGap = random.nextBoolean();
      for (int i = 0; i < values.length; i++) {
        inGap ^= random.nextInt(40) == 0;
        values[i] = inGap ? Double.NaN : random.nextGaussian();
      }
      series.append(ramp(5_000), values);

      for (int i = 0; i < 40; i++) {
        int from = random.nextInt(4_000);
        int to = from + 1 + random.nextInt(5_000 - from);
        int nOut = random.nextInt(2, 600);
        TimeSeries.Range shown = series.downsample(from, to, nOut);

        assertThat(shown.size()).isLessThanOrEqualTo(nOut);
        assertThat(shown.times).isSorted().doesNotHaveDuplicates().contains(to - 1L);
        if (!allNan(values, from, to)) {
          assertThat(shown.times).contains(from);
        }
      }
    }

    private static boolean allNan(double[] values, int from, int to) {
      return Arrays.stream(values, from, to).allMatch(Double::isNaN);
    }
  }

  @Test
  void readersSeeIncreasingTimesWhileAWriterAppends() throws Exception {
    TimeSeries series = new TimeSeries(1_000, 50_000);
    AtomicBoolean writing = new AtomicBoolean(true);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(threads.submit(() -> readWhile(series, writing)));
      }
      threads
          .submit(() -> {
            writeMuch(series);
            writing.set(false);
          })
          .get();
      for (Future<Integer> reader : readers) {
        assertThat(reader.get()).isPositive();
      }
    }
  }

  private static void writeMuch(TimeSeries series) {
    for (long time = 0; time < 200_000; time += 100) {
      long start = time;
      long[] times = LongStream.range(0, 50).map(i -> start + 2 * i).toArray();
      series.append(times, doubles(times));
      series.append(time + 51, (double) (time + 51));
    }
  }

  /** The value of each point is its time. */
  private static int readWhile(TimeSeries series, AtomicBoolean writing) {
    int reads = 0;
    do {
      TimeSeries.Range shown = series.downsample(Long.MIN_VALUE, Long.MAX_VALUE, 100);
      assertThat(shown.times).isSorted().doesNotHaveDuplicates();
      assertThat(shown.values).isEqualTo(doubles(shown.times));
      assertThat(shown.size()).isLessThanOrEqualTo(100);
      reads++;
    } while (writing.get());
    return reads;
  }
}
