package io.platformkit.core.timeseries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesKeyTest {
  @Test
  void printsItsLabelsInOrder() {
    assertThat(SeriesKey.of("up")).hasToString("up");
    assertThat(new SeriesKey("up", Map.of("b", "2", "a", "1"))).hasToString("up{a=1, b=2}");
  }

  @Test
  void theOrderOfLabelsDoesNotMatter() {
    Map<String, String> labels = new HashMap<>();
    labels.put("b", "2");
    labels.put("a", "1");

    assertThat(new SeriesKey("up", labels))
        .isEqualTo(new SeriesKey("up", Map.of("a", "1", "b", "2")))
        .hasSameHashCodeAs(new SeriesKey("up", Map.of("a", "1", "b", "2")));
  }

  @Test
  void labelsAreCopied() {
    Map<String, String> labels = new HashMap<>(Map.of("a", "1"));
    SeriesKey key = new SeriesKey("up", labels);

    labels.put("b", "2");

    assertThat(key).isEqualTo(SeriesKey.of("up", "a", "1"));
  }

  @Test
  void keysAreOrderedByMetricThenByLabelsOneByOne() {
    List<SeriesKey> ordered =
        List.of(
            SeriesKey.of("cpu"),
            SeriesKey.of("cpu", "a", ""),
            SeriesKey.of("cpu", "a", "1"),
            new SeriesKey("cpu", Map.of("a", "1", "b", "1")),
            new SeriesKey("cpu", Map.of("a", "1", "b", "2")),
            SeriesKey.of("cpu", "a", "1, b=2"),
            SeriesKey.of("cpu", "b", "0"),
            SeriesKey.of("memory"));

    assertThat(ordered).isSorted();
    assertThat(ordered.reversed().stream().sorted()).isEqualTo(ordered);
  }

  @Test
  void keysWhoseLabelsPrintAlikeDiffer() {
    SeriesKey one = SeriesKey.of("cpu", "a", "1, b=2");
    SeriesKey other = new SeriesKey("cpu", Map.of("a", "1", "b", "2"));

    assertThat(one).isNotEqualTo(other).isNotEqualByComparingTo(other);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void namesAreNotBlank(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of(name))
        .withMessage("metric was '" + name + "' but must not be blank");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of("up", name, "1"))
        .withMessage("label name was '" + name + "' but must not be blank");
  }

  @Test
  void valuesMayBeEmpty() {
    assertThat(SeriesKey.of("up", "a", "").labels()).containsEntry("a", "");
  }

  @Test
  void textsAreBounded() {
    String longest = "x".repeat(256);
    assertThat(SeriesKey.of(longest, longest, longest).metric()).isEqualTo(longest);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of(longest + "x"))
        .withMessage("metric had 257 characters but must have at most 256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of("up", longest + "x", ""))
        .withMessage("label name had 257 characters but must have at most 256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of("up", "a", longest + "x"))
        .withMessage("label 'a' had 257 characters but must have at most 256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nb", "\u0000", "a\u0085"})
  void textsHaveNoControlCharacters(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of(text))
        .withMessage("metric must not contain control characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SeriesKey.of("up", "a", text))
        .withMessage("label 'a' must not contain control characters");
  }

  @Test
  void labelsAreBounded() {
    Map<String, String> labels =
        IntStream.range(0, 33).boxed().collect(Collectors.toMap(i -> "l" + i, i -> ""));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SeriesKey("up", labels))
        .withMessage("labels had 33 entries but there must be at most 32");
    labels.remove("l0");
    assertThat(new SeriesKey("up", labels).labels()).hasSize(32);
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullsAreNamed() {
    assertThatNullPointerException().isThrownBy(() -> SeriesKey.of(null)).withMessage("metric");
    Map<String, String> labels = new HashMap<>();
    labels.put("a", null);
    assertThatNullPointerException()
        .isThrownBy(() -> new SeriesKey("up", labels))
        .withMessage("label 'a'");
  }
}
