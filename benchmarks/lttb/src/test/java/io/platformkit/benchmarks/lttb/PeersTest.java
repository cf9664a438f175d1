package io.platformkit.benchmarks.lttb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.platformkit.core.timeseries.Lttb;
import io.platformkit.core.timeseries.Points;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A duel is fair only where all sides do the same. */
class PeersTest {
  private final Walk walk = new Walk(100_000);

  @Test
  void allPeersSelectThePointsThatWeSelect() {
    int[] ours = Lttb.indices(Points.of(walk.x, walk.y), 2000);
    List<Textbook.DoublePoint> objects =
        IntStream.range(0, walk.x.length)
            .mapToObj(i -> new Textbook.DoublePoint(walk.x[i], walk.y[i]))
            .toList();

    assertThat(Textbook.select(walk.x, walk.y, 2000)).isEqualTo(ours);
    assertThat(Arrays.stream(Textbook.select(objects, 2000)).mapToDouble(Textbook.Point::x))
        .containsExactly(Arrays.stream(ours).mapToObj(i -> walk.x[i]).toArray(Double[]::new));
    assertThat(Textbook.select(walk.y, 2000)).isEqualTo(Lttb.indices(Points.of(walk.y), 2000));
  }

  @Test
  void bothFloorsReadEveryValue() {
    double[] values = new double[1003];
    Arrays.fill(values, 1);
    assertThat(Sum.fastest().of(values)).isEqualTo(1003);
    assertThat(VectorSum.sum(walk.y))
        .isCloseTo(Arrays.stream(walk.y).sum(), within(1e-3 * walk.y.length));
  }
}
