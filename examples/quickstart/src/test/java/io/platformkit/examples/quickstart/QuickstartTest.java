package io.platformkit.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QuickstartTest {
  @Test
  void printsSixSlowestStepsAndTheLineWithItsPeak() throws Exception {
    List<String> lines = Output.of(Quickstart::main);

    assertThat(lines).hasSize(7);
    assertThat(lines.subList(0, 6)).allSatisfy(line -> assertThat(line).contains("p95"));
    assertThat(lines.getFirst()).contains("T00:00:00Z  p95  34.");
    assertThat(lines.get(3)).contains("T12:00:00Z  p95  59.");
    assertThat(lines.getLast()).isEqualTo("200 of 86400 points, peak 2500 ms");
  }
}
