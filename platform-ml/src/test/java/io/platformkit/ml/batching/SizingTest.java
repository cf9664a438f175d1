package io.platformkit.ml.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SizingTest {
  private static final double MILLISECOND = 1e6;

  private final Sizes sizes = Sizes.upTo(256);
  private final RunTimes times = new RunTimes(sizes);
  private final AdaptiveSizing sizing = new AdaptiveSizing(sizes, times, 10 * MILLISECOND);

  private void measureAll(DoubleUnaryOperator nanosOfRows) {
    for (int round = 0; round < 40; round++) {
      for (int i = 0; i < sizes.count(); i++) {
        ran(sizes.get(i), nanosOfRows);
      }
    }
  }

  private void ran(int rows, DoubleUnaryOperator nanosOfRows) {
    times.ran(sizes.indexFor(rows), (long) nanosOfRows.applyAsDouble(rows));
    sizing.ran();
  }

  @Test
  void sizesAreEachUpToEightAndThenFourADoubling() {
    assertThat(Sizes.upTo(20).toArray())
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20);
    assertThat(Sizes.upTo(1).toArray()).containsExactly(1);
    assertThat(Sizes.upTo(1000).toArray()).hasSize(36).endsWith(768, 896, 1000);
    Sizes odd = Sizes.of(64, 1, 8, 8);
    assertThat(odd.get(odd.indexFor(1))).isEqualTo(1);
    assertThat(odd.get(odd.indexFor(2))).isEqualTo(8);
    assertThat(odd.get(odd.indexFor(64))).isEqualTo(64);
    assertThat(odd.most()).isEqualTo(64);
  }

  @Test
  void timesOfSizesThatNeverRanAreOnTheLineThroughThoseThatDid() {
    assertThat(times.areKnown()).isFalse();
    ran(2, rows -> 1_000 + 100 * rows);
    ran(64, rows -> 1_000 + 100 * rows);
    assertThat(times.areKnown()).isTrue();
    assertThat(times.nanos(sizes.indexFor(16))).isCloseTo(2_600, within(1.0));
    assertThat(times.isQuick(sizes.indexFor(16), 2_601)).isTrue();
    assertThat(times.isQuick(sizes.indexFor(16), 2_599)).isFalse();
  }

  @Test
  void whatWasMeasuredSeldomIsNotBelievedAgainstWhatWasMeasuredOften() {
    for (int i = 0; i < 64; i++) {
      ran(2, rows -> 1_000 + 100 * rows);
      ran(16, rows -> 1_000 + 100 * rows);
    }
    ran(64, rows -> 50_000); // cold
    assertThat(times.nanos(sizes.indexFor(64))).isLessThan(20_000);
    for (int i = 0; i < 40; i++) {
      ran(64, rows -> 9_000);
    }
    assertThat(times.nanos(sizes.indexFor(64))).isCloseTo(9_000, within(100.0));
  }

  @Test
  void oneSlowRunChangesLittleAndFasterOnesSoonCount() {
    for (int i = 0; i < 8; i++) {
      ran(8, rows -> 1_000);
    }
    ran(8, rows -> 100_000);
    assertThat(times.nanos(sizes.indexFor(8))).isLessThan(5_000);
    for (int i = 0; i < 20; i++) {
      ran(8, rows -> 500);
    }
    assertThat(times.nanos(sizes.indexFor(8))).isCloseTo(500, within(20.0));
  }

  @Test
  void aFixedCostMakesBatchesLarge() {
    measureAll(rows -> 1_000_000 + 1_000 * rows);
    assertThat(sizing.most()).isEqualTo(256);
    assertThat(sizing.worthNoWait()).isBetween(224, 256);
    assertThat(sizing.worthwhile()).isBetween(160, 192);
  }

  @Test
  void withoutOneARowIsWorthARun() {
    measureAll(rows -> 50_000 * rows);
    assertThat(sizing.most()).isEqualTo(1);
    assertThat(sizing.worthNoWait()).isEqualTo(1);
    assertThat(sizing.worthwhile()).isEqualTo(1);
  }

  @Test
  void aSizeBeyondWhichRowsTakeLongerIsNotPassed() {
    measureAll(rows -> 5_000 + (rows <= 96 ? 500 : 900) * rows);
    assertThat(sizing.most()).isBetween(64, 96);
  }

  @Test
  void aRunTakesNoLongerThanItMay() {
    measureAll(rows -> 5 * MILLISECOND + 0.1 * MILLISECOND * rows);
    assertThat(sizing.most()).isEqualTo(48);
  }

  @Test
  void aModelThatIsSlowerThanThatTakesTwiceAsLongAtMost() {
    measureAll(rows -> 50 * MILLISECOND + 0.5 * MILLISECOND * rows);
    assertThat(sizing.most()).isEqualTo(96);
  }

  @Test
  void largerSizesAreTriedNowAndThen() {
    measureAll(rows -> 5_000 + (rows <= 96 ? 500 : 900) * rows);
    int usual = sizing.most();
    boolean tried = false;
    for (int i = 0; i < 64; i++) {
      ran(1, rows -> 5_500);
      tried |= sizing.most() > usual;
    }
    assertThat(tried).isTrue();
    measureAll(rows -> 5_000 + 500 * rows);
    assertThat(sizing.most()).isGreaterThan(96);
  }
}
