package io.platformkit.core.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.platformkit.core.Bounds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixesTest {
  private static final String LARGEST = Character.toString(Character.MAX_CODE_POINT);

  @ParameterizedTest
  @ValueSource(strings = {"a", "a\uD7FF", "é", "a\uFFFF", "😀", "a\u007F"})
  void theEndIsAfterAllThatBeginWithThePrefixAndNothingIsBetween(String prefix) {
    String end = Prefixes.end(prefix).orElseThrow();
    assertThat(Bounds.NAME_ORDER.compare(prefix + LARGEST.repeat(9), end)).isNegative();
    assertThat(end).doesNotStartWith(prefix);
    assertThat(Bounds.requireName("end", end)).isNotEmpty();
  }

  @Test
  void theLargestCodePointIsLeftOut() {
    assertThat(Prefixes.end("a" + LARGEST)).contains("b");
    assertThat(Prefixes.end("")).isEmpty();
    assertThat(Prefixes.end(LARGEST)).isEmpty();
  }
}
