package io.platformkit.benchmarks.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SidesTest {
  @Test
  void bothSidesHaveTheSameValuesInMemory() {
    var caffeine = Sides.caffeine();
    try (var ours = Sides.memory()) {
      for (String key : Sides.keys()) {
        assertThat(ours.get(key).orElseThrow())
            .isEqualTo(caffeine.get(key, missing -> Optional.empty()).orElseThrow());
      }
      assertThat(ours.stats().tiers().getFirst().hitRate()).isEqualTo(1);
    }
  }
}
