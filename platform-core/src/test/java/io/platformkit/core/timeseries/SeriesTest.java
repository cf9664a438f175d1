package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static final SeriesKey CPU = SeriesKey.of("cpu");

  @Test
  void pointsAreReadOneByOne() {
    Series series = new Series(CPU, new long[] {1_000, 2_000}, new double[] {1, 2}, 50);

    assertThat(series.key()).isEqualTo(CPU);
    assertThat(series.size()).isEqualTo(2);
    assertThat(series.rawCount()).isEqualTo(50);
    assertThat(series.timeAt(1)).isEqualTo(2_000);
    assertThat(series.instantAt(1)).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(series.valueAt(1)).isEqualTo(2);
  }

  @Test
  void columnsAreCopiesThatMayBeChanged() {
    Series series = new Series(CPU, new long[] {1_000}, new double[] {1}, 1);

    series.times()[0] = 7;
    series.values()[0] = 7;

    assertThat(series.times()).containsExactly(1_000);
    assertThat(series.values()).containsExactly(1);
  }

  @Test
  void columnsAreOfOneLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Series(CPU, new long[2], new double[3], 0))
        .withMessage("values had 3 entries but must have as many as times, 2");
  }

  @Test
  void printsWhatItCovers() {
    assertThat(new Series(CPU, new long[] {1_000, 2_000}, new double[2], 9))
        .hasToString("cpu: 2 of 9 points, [1970-01-01T00:00:01Z, 1970-01-01T00:00:02Z]");
    assertThat(new Series(CPU, new long[0], new double[0], 0))
        .hasToString("cpu: 0 of 0 points, []");
  }
}
