package io.platformkit.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionRunnerTest {
  private static final VersionId ID = new VersionId("sum", "1");
  private static final ModelSignature SIGNATURE =
      new ModelSignature(
          List.of(TensorSpec.of("x", TensorType.FLOAT32, -1, 2)),
          List.of(TensorSpec.of("y", TensorType.FLOAT32, -1, 1)));

  private static ModelRunner sum() {
    return FunctionRunner.of(
        ID,
        SIGNATURE,
        (inputs, outputs) -> {
          var x = inputs.get("x").floats();
          var y = outputs.get("y").floats();
          for (int row = 0; row < y.limit(); row++) {
            y.put(row, x.get(2 * row) + x.get(2 * row + 1));
          }
        });
  }

  @Test
  void aBoundRunReadsAndWritesTheCallersMemoryEachTime() {
    Tensor x = Tensor.allocate(TensorType.FLOAT32, 2, 2);
    Tensor y = Tensor.allocate(TensorType.FLOAT32, 2, 1);
    try (ModelRunner runner = sum();
        ModelRunner.Binding binding = runner.bind(Tensors.of("x", x), Tensors.of("y", y))) {
      x.floats().put(new float[] {1, 2, 3, 4});
      assertThat(binding.run().get("y")).isSameAs(y);
      assertThat(y.floats().get(1)).isEqualTo(7);

      x.floats().put(new float[] {1, 2, 30, 40});
      binding.run();
      assertThat(y.floats().get(1)).isEqualTo(70);
    }
  }

  @Test
  void anOutputThatIsNotBoundIsAllocated() {
    try (ModelRunner runner = sum()) {
      Tensors outputs = runner.run(Tensors.of("x", Tensor.of(new float[] {1, 2}, 1, 2)));
      assertThat(outputs.get("y").floats().get(0)).isEqualTo(3);
    }
  }

  @Test
  void whatTheModelDoesNotTakeIsRefusedByName() {
    try (ModelRunner runner = sum()) {
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", Tensor.of(new float[] {1, 2, 3}, 1, 3))))
          .withMessage(
              "model 'sum' version '1': input 'x' was FLOAT32[1, 3] but it must be FLOAT32[any, 2]");
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", Tensor.of(new long[] {1, 2}, 1, 2))))
          .withMessageContaining("was INT64[1, 2] but it must be FLOAT32[any, 2]");
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.none()))
          .withMessageContaining("input 'x' was nothing");
      Tensor fit = Tensor.of(new float[] {1, 2}, 1, 2);
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", fit).and("z", fit)))
          .withMessageContaining(
              "input 'z' was FLOAT32[1, 2] but it must be one of the inputs [x]");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> runner.bind(Tensors.of("x", fit), Tensors.of("q", fit)))
          .withMessageContaining("output 'q' is unknown but it must be one of [y]");
      Tensor twoRows = Tensor.allocate(TensorType.FLOAT32, 2, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> runner.bind(Tensors.of("x", fit), Tensors.of("y", twoRows)))
          .withMessageContaining("output 'y' had 2 rows but it must have 1");
    }
  }

  @Test
  void aFailureNamesTheModelAndKeepsTheCause() {
    IllegalStateException broken = new IllegalStateException("broken");
    try (ModelRunner runner =
        FunctionRunner.of(
            ID,
            SIGNATURE,
            (inputs, outputs) -> {
              throw broken;
            })) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", Tensor.of(new float[] {1, 2}, 1, 2))))
          .withMessage("model 'sum' version '1': the function failed: broken")
          .withCause(broken);
    }
  }

  @Test
  void aClosedRunnerRefusesRuns() {
    ModelRunner runner = sum();
    Tensors inputs = Tensors.of("x", Tensor.of(new float[] {1, 2}, 1, 2));
    ModelRunner.Binding binding = runner.bind(inputs, Tensors.none());
    runner.close();
    runner.close();
    assertThatIllegalStateException()
        .isThrownBy(binding::run)
        .withMessage("model 'sum' version '1' is closed");
    assertThatIllegalStateException().isThrownBy(() -> runner.bind(inputs, Tensors.none()));
  }
}
