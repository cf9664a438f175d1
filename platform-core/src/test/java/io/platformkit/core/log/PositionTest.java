package io.platformkit.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  @Test
  void aTokenBringsThePositionBack() {
    for (Position position :
        new Position[] {
          new Position("3f2a", 0, 1),
          new Position("a_B-9", Long.MAX_VALUE, Long.MAX_VALUE),
          Position.OLDEST
        }) {
      assertThat(Position.parse(position.token())).isEqualTo(position);
    }
    assertThat(new Position("3f2a", 17, 255).token()).isEqualTo("3f2a.17.ff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3f2a",
        "3f2a.17",
        "3f2a.17.ff.1",
        ".17.ff",
        "3f2a.-1.ff",
        "3f2a.17.FF",
        "3f2a.17.fffffffffffffffff",
        "3f2a.17.ffffffffffffffff",
        "3f2a.9223372036854775808.ff",
        "3f 2a.17.ff",
        "3f2a.17.ff\n"
      })
  void whatIsNoTokenIsRefused(String token) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Position.parse(token))
        .withMessage(
            "position was '%s' but it must look like 'epoch.offset.mark', as token() writes it",
            token);
  }

  @Test
  void aLongTextIsNotRepeatedInFull() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Position.parse("x".repeat(1_000_000)))
        .withMessageContaining("position was 'xxxx")
        .satisfies(refused -> assertThat(refused.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void wrongPartsAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Position("a.b", 1, 1))
        .withMessage("epoch was 'a.b' but it must be 1 to 64 letters, digits, _ and -");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Position("a", -1, 1))
        .withMessage("offset was '-1' but it must not be negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Position("a", 1, -1))
        .withMessage("mark was '-1' but it must not be negative");
  }
}
