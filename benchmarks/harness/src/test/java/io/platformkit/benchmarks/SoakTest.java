package io.platformkit.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.platformkit.benchmarks.Soak.Use;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakTest {
  private final Soak soak = Soak.of("demo", "--quick");

  private static List<Use> uses(long growthOfMemory, long growthOfFiles) {
    return IntStream.range(0, 100)
        .mapToObj(i -> new Use(100_000 + i * growthOfMemory, 40 + i * growthOfFiles, 20))
        .toList();
  }

  @Test
  void whatDoesNotGrowIsFlat() {
    assertThat(soak.isFlat(uses(0, 0))).isTrue();
    assertThat(soak.isFlat(uses(20, 0))).isTrue();
  }

  @Test
  void whatGrowsIsNot() {
    assertThat(soak.isFlat(uses(100, 0))).isFalse();
    assertThat(soak.isFlat(uses(0, 1))).isFalse();
  }

  @Test
  void thisProcessUsesMemoryFilesAndThreads() {
    Use now = Use.now();
    assertThat(now.memory()).isGreaterThan(10_000);
    assertThat(now.files()).isPositive();
    assertThat(now.threads()).isGreaterThan(1);
  }

  @Test
  void otherOptionsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Soak.of("demo", "--fast"));
  }
}
