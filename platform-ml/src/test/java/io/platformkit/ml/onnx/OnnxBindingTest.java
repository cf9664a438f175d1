package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.ModelRunner.Binding;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OnnxBindingTest {
  private static final VersionId ID = new VersionId("sum", "1");

  private final ModelRunner runner = load(sum());

  private static ModelRunner load(OnnxFile file) {
    return OnnxLoader.builder().build().load(ID, file.bytes());
  }

  private static OnnxFile sum() {
    return new OnnxFile()
        .input("a", TensorType.FLOAT32, "N", 2)
        .input("b", TensorType.FLOAT32, "N", 2)
        .output("sum", TensorType.FLOAT32, "N", 2)
        .output("difference", TensorType.FLOAT32, "N", 2)
        .node("Add", "sum", "a", "b")
        .node("Sub", "difference", "a", "b");
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values, values.length / 2, 2);
  }

  @AfterEach
  void close() {
    runner.close();
  }

  @Test
  void outputsComeInTheModelsOrderWhicheverAreBound() {
    Tensor difference = Tensor.allocate(TensorType.FLOAT32, 1, 2);
    Tensors inputs = Tensors.of("b", floats(1, 2)).and("a", floats(10, 20));
    try (Binding binding = runner.bind(inputs, Tensors.of("difference", difference))) {
      Tensors outputs = binding.run();
      assertThat(outputs.names()).containsExactly("sum", "difference");
      assertThat(outputs.get("difference")).isSameAs(difference);
      assertThat(outputs.get("sum").floats().get(1)).isEqualTo(22);
      assertThat(difference.floats().get(1)).isEqualTo(18);
    }
  }

  @Test
  void aMissingInputIsRefused() {
    assertThatExceptionOfType(ModelInputException.class)
        .isThrownBy(() -> runner.run(Tensors.of("a", floats(1, 2))))
        .withMessage(
            "model 'sum' version '1': input 'b' was nothing but it must be FLOAT32[any, 2]");
  }

  @Test
  void anUnknownInputIsRefused() {
    Tensors inputs = Tensors.of("a", floats(1, 2)).and("b", floats(1, 2)).and("c", floats(1, 2));
    assertThatExceptionOfType(ModelInputException.class)
        .isThrownBy(() -> runner.run(inputs))
        .withMessage(
            "model 'sum' version '1': input 'c' was FLOAT32[1, 2] but it must be one of the inputs"
                + " [a, b]");
  }

  @Test
  void aWrongTypeIsRefused() {
    Tensor wrong = Tensor.of(new long[] {1, 2}, 1, 2);
    assertThatExceptionOfType(ModelInputException.class)
        .isThrownBy(() -> runner.run(Tensors.of("a", wrong).and("b", floats(1, 2))))
        .withMessage(
            "model 'sum' version '1': input 'a' was INT64[1, 2] but it must be FLOAT32[any, 2]");
  }

  @Test
  void aWrongShapeIsRefused() {
    Tensor wrong = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    assertThatExceptionOfType(ModelInputException.class)
        .isThrownBy(() -> runner.run(Tensors.of("a", wrong).and("b", floats(1, 2))))
        .withMessage(
            "model 'sum' version '1': input 'a' was FLOAT32[1, 3] but it must be FLOAT32[any, 2]");
  }

  @Test
  void rowsThatDoNotFitTogetherFailTheRun() {
    Tensors inputs = Tensors.of("a", floats(1, 2, 3, 4)).and("b", floats(1, 2, 3, 4, 5, 6));
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> runner.run(inputs))
        .withMessageStartingWith("model 'sum' version '1': ONNX Runtime failed: ");
  }

  @Test
  void anOutputOfAnotherShapeIsRefusedAtOnce() {
    Tensors inputs = Tensors.of("a", floats(1, 2)).and("b", floats(1, 2));
    Tensors outputs = Tensors.of("sum", Tensor.allocate(TensorType.FLOAT32, 1, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runner.bind(inputs, outputs))
        .withMessage(
            "model 'sum' version '1': output 'sum' was FLOAT32[1, 3] but it must be"
                + " FLOAT32[any, 2]");
  }

  @Test
  void anOutputOfOtherRowsFailsTheRunAndIsNotWritten() {
    Tensors inputs = Tensors.of("a", floats(1, 2)).and("b", floats(1, 2));
    Tensor sum = floats(7, 7, 7, 7);
    try (Binding binding = runner.bind(inputs, Tensors.of("sum", sum))) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(binding::run)
          .withMessageContaining("model 'sum' version '1'");
    }
    assertThat(sum.floats().get(0)).isEqualTo(7);
  }

  @Test
  void whatIsNotANumberPassesThrough() {
    Tensor a = floats(Float.NaN, Float.POSITIVE_INFINITY);
    Tensors outputs = runner.run(Tensors.of("a", a).and("b", floats(1, 2)));
    assertThat(outputs.get("sum").floats().get(0)).isNaN();
    assertThat(outputs.get("sum").floats().get(1)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void aClosedRunnerRefusesRunsAndBindings() {
    Tensors inputs = Tensors.of("a", floats(1, 2)).and("b", floats(1, 2));
    Binding binding = runner.bind(inputs, Tensors.none());
    runner.close();
    assertThatIllegalStateException()
        .isThrownBy(binding::run)
        .withMessage("model 'sum' version '1' is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> runner.bind(inputs, Tensors.none()))
        .withMessage("model 'sum' version '1' is closed");
    binding.close();
    runner.close();
  }

  @Test
  void aClosedBindingRefusesRuns() {
    Binding binding =
        runner.bind(Tensors.of("a", floats(1, 2)).and("b", floats(1, 2)), Tensors.none());
    binding.close();
    binding.close();
    assertThatIllegalStateException()
        .isThrownBy(binding::run)
        .withMessage("a binding of model 'sum' version '1' is closed");
  }

  @Test
  void aBindingThatIsClosedAndSharedUnderItsRunsNeverEndsTheProcess() throws Exception {
    Tensors inputs = Tensors.of("a", floats(1, 2)).and("b", floats(1, 2));
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      for (int round = 0; round < 200; round++) {
        Binding binding = runner.bind(inputs, runner.signature().allocateOutputs(1));
        CountDownLatch started = new CountDownLatch(2);
        Runnable use =
            () -> {
              for (int i = 0; i < 100; i++) {
                binding.run();
                started.countDown();
              }
            };
        Future<?> first = threads.submit(use);
        Future<?> second = threads.submit(use);
        started.await();
        binding.close();
        assertRefusedOrDone(first);
        assertRefusedOrDone(second);
      }
    }
  }

  private static void assertRefusedOrDone(Future<?> use) throws InterruptedException {
    try {
      use.get();
    } catch (ExecutionException refused) {
      assertThat(refused)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("a binding of model 'sum' version '1' is ");
    }
  }

  @Test
  void aRunOnBoundTensorsMakesLittleGarbage() {
    ThreadMXBean allocations = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MlpModel model = MlpModel.of(64, 128, 64, 1);
    try (ModelRunner mlp = OnnxLoader.builder().build().load(ID, model.fp32());
        Binding binding =
            mlp.bind(mlp.signature().allocateInputs(16), mlp.signature().allocateOutputs(16))) {
      long perRun = Long.MAX_VALUE;
      for (int round = 0; round < 20 && perRun > 500; round++) {
        long before = allocations.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
          binding.run();
        }
        long bytes = (allocations.getCurrentThreadAllocatedBytes() - before) / 1000;
        perRun = Math.min(perRun, bytes);
      }
      assertThat(perRun).isLessThanOrEqualTo(500);
    }
  }
}
