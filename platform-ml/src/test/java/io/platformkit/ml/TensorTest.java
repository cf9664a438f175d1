package io.platformkit.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorTest {
  @ParameterizedTest
  @EnumSource(value = TensorType.class, mode = EnumSource.Mode.EXCLUDE, names = "STRING")
  void memoryIsAlignedZeroAndAsLargeAsItsElements(TensorType type) {
    Tensor tensor = Tensor.allocate(type, 3, 5);

    assertThat(tensor.elements()).isEqualTo(15);
    assertThat(tensor.bytes().capacity()).isEqualTo(15 * type.bytes());
    assertThat(tensor.bytes().alignmentOffset(0, 64)).isZero();
    assertThat(tensor.bytes().order()).isEqualTo(ByteOrder.nativeOrder());
    byte[] read = new byte[15 * type.bytes()];
    tensor.bytes().get(read);
    assertThat(read).containsOnly(0);
  }

  @Test
  void rowsAreAViewOnTheSameMemory() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor middle = tensor.rows(1, 1);

    assertThat(middle.shape()).containsExactly(1, 2);
    middle.floats().put(0, 30);
    assertThat(tensor.floats().get(2)).isEqualTo(30);
    assertThat(tensor.rows(3, 0).elements()).isZero();
  }

  @Test
  void rowsOfStringsAreAViewToo() {
    Tensor tensor = Tensor.ofStrings(new String[] {"a", "b", "c"}, 3);
    Tensor last = tensor.rows(1, 2).rows(1, 1);

    assertThat(last.string(0)).isEqualTo("c");
    last.string(0, "z");
    assertThat(tensor.string(2)).isEqualTo("z");
  }

  @Test
  void rowsAreCopiedFromAnotherTensor() {
    Tensor to = Tensor.allocate(TensorType.INT64, 3, 2);
    to.copyRows(1, Tensor.of(new long[] {1, 2, 3, 4, 5, 6}, 3, 2), 1, 2);
    long[] read = new long[6];
    to.longs().get(read);
    assertThat(read).containsExactly(0, 0, 3, 4, 5, 6);

    Tensor words = Tensor.allocate(TensorType.STRING, 2);
    words.copyRows(1, Tensor.ofStrings(new String[] {"a", "b"}, 2).rows(1, 1), 0, 1);
    assertThat(words.string(0)).isEmpty();
    assertThat(words.string(1)).isEqualTo("b");
  }

  @Test
  void rowsThatAreNotThereAreRefused() {
    Tensor tensor = Tensor.allocate(TensorType.FLOAT32, 2, 2);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.rows(1, 2))
        .withMessage("rows 1 to 3 were asked for but there are 2");
    Tensor other = Tensor.allocate(TensorType.FLOAT32, 2, 2);
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> tensor.copyRows(1, other, 0, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.copyRows(0, Tensor.allocate(TensorType.INT32, 2, 2), 0, 1))
        .withMessage("source was of INT32 but it must be of FLOAT32");
    Tensor wide = Tensor.allocate(TensorType.FLOAT32, 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tensor.copyRows(0, wide, 0, 1))
        .withMessage("source had rows of 3 elements but they must have 2");
  }

  @Test
  void aScalarHasOneElementAndNoRows() {
    Tensor scalar = Tensor.of(new float[] {7});
    assertThat(scalar.rank()).isZero();
    assertThat(scalar.elements()).isEqualTo(1);
    assertThat(scalar).hasToString("FLOAT32[]");
    assertThatIllegalArgumentException().isThrownBy(() -> scalar.rows(0, 1));
  }

  @Test
  void elementsAreReadAsWhatTheyAre() {
    Tensor tensor = Tensor.allocate(TensorType.FLOAT32, 1);
    assertThatIllegalStateException()
        .isThrownBy(tensor::longs)
        .withMessage("the tensor is of FLOAT32 and was asked for as integers of 64 bits");
    assertThatIllegalStateException().isThrownBy(tensor::ints).withMessageContaining("of FLOAT32");
    assertThatIllegalStateException().isThrownBy(tensor::doubles);
    assertThatIllegalStateException().isThrownBy(() -> tensor.string(0));
    assertThatIllegalStateException()
        .isThrownBy(Tensor.allocate(TensorType.STRING, 1)::bytes)
        .withMessage("a tensor of strings has no bytes");
  }

  @Test
  void shapesThatNoMemoryCanHoldAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.allocate(TensorType.FLOAT32, 2, -1))
        .withMessage("shape was [2, -1] but each length must be from 0 to 2147483647");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.allocate(TensorType.INT8, 1 << 20, 1 << 20))
        .withMessageContaining("at most 2147483647 elements");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.allocate(TensorType.FLOAT64, 1 << 30))
        .withMessageContaining("a tensor of FLOAT64 must have less than 2 GiB");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of(new float[3], 2, 2))
        .withMessage("values had 3 elements but shape [2, 2] has 4");
  }
}
