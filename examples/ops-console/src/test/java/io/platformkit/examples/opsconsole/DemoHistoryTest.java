package io.platformkit.examples.opsconsole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.platformkit.core.timeseries.InMemoryMetricStore;
import io.platformkit.core.timeseries.MetricQuery;
import io.platformkit.core.timeseries.Series;
import io.platformkit.examples.commandline.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DemoHistoryTest {
  private static final Instant END = Instant.parse("2026-11-21T12:00:00.400Z");
  private static final int POINTS = 200_000;

  @Test
  void thereIsOnePointForEverySecondUpToTheEnd() {
    Series series = written();

    assertThat(series.size()).isEqualTo(POINTS);
    assertThat(series.instantAt(POINTS - 1)).isEqualTo("2026-11-21T11:59:59Z");
    assertThat(series.timeAt(POINTS - 1) - series.timeAt(0)).isEqualTo((POINTS - 1) * 1000L);
    assertThat(Arrays.stream(series.values())).allMatch(value -> value >= 0 && value < 250);
  }

  @Test
  void theSameSeedGivesTheSameValues() {
    assertThat(written().values()).isEqualTo(written().values());
  }

  @Test
  void eachTenthIsReported() {
    var out = new ByteArrayOutputStream();
    write(new PrintStream(out, true, UTF_8));

    assertThat(out.toString(UTF_8).lines().toList())
        .last()
        .asString()
        .contains("200,000 of 200,000 points (100 %)");
  }

  @Test
  void aHeapThatCannotHoldItIsRefused() {
    assertThatThrownBy(() -> DemoHistory.requireHeap(DemoHistory.YEAR, 256 << 20))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("needs about 720 MB of heap but the JVM may use 256 MB");
    assertThatCode(() -> DemoHistory.requireHeap(DemoHistory.YEAR, 1L << 30))
        .doesNotThrowAnyException();
    assertThatCode(() -> DemoHistory.requireHeap(0, 1)).doesNotThrowAnyException();
  }

  private static Series written() {
    return write(new PrintStream(PrintStream.nullOutputStream(), false, UTF_8));
  }

  private static Series write(PrintStream progress) {
    try (var store =
        InMemoryMetricStore.builder().clock(() -> END).retention(Duration.ofDays(7)).build()) {
      new DemoHistory().write(store, END, POINTS, progress);
      MetricQuery all =
          MetricQuery.builder("demo.load", Instant.EPOCH, END).maxPoints(POINTS).build();
      return store.query(all).getFirst();
    }
  }
}
