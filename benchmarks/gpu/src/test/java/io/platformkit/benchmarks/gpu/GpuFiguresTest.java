package io.platformkit.benchmarks.gpu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.ml.onnx.ExecutionProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GpuFiguresTest {
  @Test
  void allSidesGiveTheSameOnTheProcessor() {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    GpuFigures figures =
        new GpuFigures(
            ExecutionProvider.CPU, Duration.ofMillis(1), new PrintStream(table, true, UTF_8));
    figures.measure(new int[] {64, 128, 64, 1}, IntStream.of(1, 16));
    assertThat(figures.isEqual()).isTrue();
    assertThat(table.toString(UTF_8).lines()).hasSize(9);
  }
}
