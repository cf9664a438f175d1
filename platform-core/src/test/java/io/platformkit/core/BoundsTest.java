package io.platformkit.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", " ", "prefs:user-42", "größe", "\uD83D\uDE00", "\n"})
  void aNameIsAnyTextThatIsNotEmpty(String name) {
    assertThat(Bounds.requireName("key", name)).isEqualTo(name.getBytes(UTF_8));
  }

  @Test
  void aNameHasAtMost512BytesOfUtf8() {
    assertThat(Bounds.requireName("key", "ü".repeat(256))).hasSize(512);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireName("key", "ü".repeat(256) + "a"))
        .withMessage("key had 513 bytes of UTF-8 but it must have at most 512");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireName("key", "a".repeat(1_000_000)))
        .withMessage("key had 1000000 characters but it must have at most 512 bytes of UTF-8");
  }

  @Test
  void whatIsNoNameIsRefusedWithTheRule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireName("topic", ""))
        .withMessage("topic was '' but it must have 1 to 512 bytes of UTF-8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireName("topic", "a\0b"))
        .withMessage("topic was 'a\\0b' but it must not contain NUL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireName("topic", "a\uD83D"))
        .withMessageContaining("topic was ")
        .withMessageContaining("but it must be well-formed Unicode, without lone surrogates");
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without NullAway may do
  void nullIsRefusedByName() {
    assertThatNullPointerException()
        .isThrownBy(() -> Bounds.requireName("topic", null))
        .withMessage("topic");
    assertThatNullPointerException()
        .isThrownBy(() -> Bounds.requireValue("value", null, 1))
        .withMessage("value");
  }

  @Test
  void aPrefixMayBeEmpty() {
    assertThat(Bounds.requirePrefix("prefix", "")).isEmpty();
  }

  @Test
  void aValueMayBeEmptyAndIsBounded() {
    assertThat(Bounds.requireValue("value", new byte[0], 2)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireValue("value", new byte[3], 2))
        .withMessage("value had 3 bytes but it must have at most 2");
  }

  @Test
  void spansAndCountsIncludeBothEnds() {
    Duration second = Duration.ofSeconds(1);
    assertThat(Bounds.requireSpan("ttl", second, second, second)).isEqualTo(second);
    assertThat(Bounds.requireCount("limit", 1, 1, 1)).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireSpan("ttl", second, Duration.ZERO, Duration.ofMillis(5)))
        .withMessage("ttl was 'PT1S' but it must be from PT0S to PT0.005S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Bounds.requireCount("limit", 0, 1, 5))
        .withMessage("limit was '0' but it must be from 1 to 5");
  }

  /** Characters on both sides of the surrogates, where UTF-16 and UTF-8 sort apart. */
  @Test
  void namesSortAsTheirBytesDo() {
    Random random = new Random(11);
    List<String> letters =
        List.of("a", "z", "\u00e9", "\uD7FF", "\uE000", "\uFFFD", "\uD83D\uDE00", "\uDBFF\uDFFD");
    List<String> names =
        Stream.generate(
                () -> {
                  StringBuilder name = new StringBuilder();
                  for (int i = random.nextInt(4); i >= 0; i--) {
                    name.append(letters.get(random.nextInt(letters.size())));
                  }
                  return name.toString();
                })
            .limit(500)
            .toList();

    assertThat(names.stream().sorted(Bounds.NAME_ORDER))
        .containsExactlyElementsOf(
            names.stream()
                .sorted((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)))
                .toList());
  }
}
