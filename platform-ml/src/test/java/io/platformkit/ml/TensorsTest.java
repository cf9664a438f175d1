package io.platformkit.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class TensorsTest {
  private final Tensor one = Tensor.of(new float[] {1, 2}, 2, 1);
  private final Tensor other = Tensor.of(new long[] {3, 4}, 2);
  private final Tensors both = Tensors.of("b", one).and("a", other);

  @Test
  void theyKeepTheirOrder() {
    assertThat(both.names()).containsExactly("b", "a");
    assertThat(both).hasToString("{b=FLOAT32[2, 1], a=INT64[2]}");
    assertThat(both.size()).isEqualTo(2);
    assertThat(Tensors.none().size()).isZero();
  }

  @Test
  void aNameIsFoundOrItIsSaidWhichThereAre() {
    assertThat(both.get("a")).isSameAs(other);
    assertThat(both.find("c")).isEmpty();
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> both.get("c"))
        .withMessage("tensor 'c' was asked for but there are [b, a]");
  }

  @Test
  void aNameIsGivenOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> both.and("a", one))
        .withMessage("tensor 'a' was given twice but names must differ");
  }

  @Test
  void rowsAreViewsOfEach() {
    Tensors last = both.rows(1, 1);
    assertThat(last.get("b").floats().get(0)).isEqualTo(2);
    assertThat(last.get("a").shape()).containsExactly(1);
  }
}
