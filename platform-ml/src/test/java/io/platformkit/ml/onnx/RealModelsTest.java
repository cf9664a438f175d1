package io.platformkit.ml.onnx;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the models of {@code shared/data/onnx}, beside the checkout or where {@code
 * -Dplatform.shared} says: operator models of the ONNX backend tests with their reference outputs,
 * and the examples of Triton.
 */
class RealModelsTest {
  /** What the backend tests of ONNX allow. */
  private static final double RELATIVE = 1e-3;

  private static final double ABSOLUTE = 1e-7;

  /** By ONNX Runtime: operators from before ONNX 1.2, and those of training; with its words. */
  private static final Map<String, String> NOT_SUPPORTED =
      Map.ofEntries(
          entry("test_operator_add_broadcast", "for Add(6)"),
          entry("test_operator_add_size1_broadcast", "for Add(6)"),
          entry("test_operator_add_size1_right_broadcast", "for Add(6)"),
          entry("test_operator_add_size1_singleton_broadcast", "for Add(6)"),
          entry("test_operator_addconstant", "for Add(6)"),
          entry("test_operator_addmm", "for Gemm(6)"),
          entry("test_operator_basic", "for Add(6)"),
          entry("test_operator_mm", "for Gemm(6)"),
          entry("test_operator_non_float_params", "for Add(6)"),
          entry("test_operator_params", "for Add(6)"),
          entry("test_operator_pow", "for Pow(1)"),
          entry("test_gradient_of_add", "Gradient(-1) is not a registered"),
          entry("test_gradient_of_add_and_mul", "Gradient(-1) is not a registered"));

  /** What a model with a locale meets where the machine lacks it. */
  private static final String NO_LOCALE = "Failed to construct locale with name:en_US";

  private static Path folder(String name) {
    Optional<Path> models =
        Optional.ofNullable(System.getProperty("platform.shared"))
            .map(shared -> Path.of(shared, "data/onnx"))
            .or(RealModelsTest::besideTheCheckout);
    assumeTrue(models.isPresent(), "there is no folder shared/data/onnx beside the checkout");
    return models.orElseThrow().resolve(name);
  }

  private static Optional<Path> besideTheCheckout() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared/data/onnx");
      if (Files.isDirectory(found)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private static ModelRunner load(String model, Path file) throws IOException {
    return OnnxLoader.builder().build().load(new VersionId(model, "1"), Files.readAllBytes(file));
  }

  @TestFactory
  List<DynamicTest> operatorsGiveTheReferenceOutputs() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String kind : List.of("pytorch-operator", "simple")) {
      try (Stream<Path> folders = Files.list(folder(kind))) {
        folders.forEach(each -> tests.add(dynamicTest(nameOf(each), () -> check(each))));
      }
    }
    return tests;
  }

  private static String nameOf(Path folder) {
    return folder.getFileName().toString();
  }

  private static void check(Path folder) throws IOException {
    @Nullable String reason = NOT_SUPPORTED.get(nameOf(folder));
    if (reason != null) {
      assertThatExceptionOfType(ModelException.class)
          .isThrownBy(() -> compare(folder))
          .withMessageContaining(reason);
      return;
    }
    try {
      compare(folder);
    } catch (ModelException failure) {
      assumeFalse(
          String.valueOf(failure.getMessage()).contains(NO_LOCALE), "no locale en_US.UTF-8");
      throw failure;
    }
  }

  private static void compare(Path folder) throws IOException {
    try (ModelRunner runner = load(nameOf(folder), folder.resolve("model.onnx"))) {
      List<TensorSpec> specs = runner.signature().inputs();
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      for (int i = 0; i < specs.size(); i++) {
        inputs.put(specs.get(i).name(), read(folder, "input_" + i).tensor());
      }
      Tensors outputs = runner.run(Tensors.of(inputs));
      int i = 0;
      for (String name : outputs.names()) {
        assertClose(outputs.get(name), read(folder, "output_" + i++).tensor());
      }
    }
  }

  private static ProtoReader.Named read(Path folder, String file) throws IOException {
    Path data = folder.resolve("test_data_set_0").resolve(file + ".pb");
    return ProtoReader.tensor(Files.readAllBytes(data));
  }

  private static void assertClose(Tensor given, Tensor expected) {
    assertThat(given).hasToString(expected.toString());
    for (int i = 0; i < given.elements(); i++) {
      switch (given.type()) {
        case STRING -> assertThat(given.string(i)).isEqualTo(expected.string(i));
        case FLOAT32 -> {
          double reference = expected.floats().get(i);
          double slack = Double.isFinite(reference) ? RELATIVE * Math.abs(reference) : 0;
          assertThat((double) given.floats().get(i)).isCloseTo(reference, within(ABSOLUTE + slack));
        }
        default -> assertThat(given.bytes()).isEqualTo(expected.bytes());
      }
    }
  }

  @Test
  void integersAreAddedAndSubtracted() throws IOException {
    Path file = folder("triton").resolve("simple.onnx");
    try (ModelRunner runner = load("simple", file)) {
      Tensor ones = Tensor.allocate(TensorType.INT32, 1, 16);
      Tensor counted = Tensor.allocate(TensorType.INT32, 1, 16);
      IntStream.range(0, 16).forEach(i -> counted.ints().put(i, i));
      IntStream.range(0, 16).forEach(i -> ones.ints().put(i, 1));
      Tensors outputs = runner.run(Tensors.of("INPUT0", counted).and("INPUT1", ones));
      assertThat(outputs.get("OUTPUT0").ints().get(15)).isEqualTo(16);
      assertThat(outputs.get("OUTPUT1").ints().get(15)).isEqualTo(14);
    }
  }

  @Test
  void integersOfEightBitsAreAddedAndSubtracted() throws IOException {
    Path file = folder("triton").resolve("simple_int8.onnx");
    try (ModelRunner runner = load("simple_int8", file)) {
      Tensor ones = Tensor.allocate(TensorType.INT8, 1, 16);
      Tensor counted = Tensor.allocate(TensorType.INT8, 1, 16);
      IntStream.range(0, 16).forEach(i -> counted.bytes().put(i, (byte) -i));
      IntStream.range(0, 16).forEach(i -> ones.bytes().put(i, (byte) 1));
      Tensors outputs = runner.run(Tensors.of("INPUT0", counted).and("INPUT1", ones));
      assertThat(outputs.get("OUTPUT0").bytes().get(15)).isEqualTo((byte) -14);
      assertThat(outputs.get("OUTPUT1").bytes().get(15)).isEqualTo((byte) -16);
    }
  }

  @Test
  void numbersInStringsAreAddedAndSubtracted() throws IOException {
    Path file = folder("triton").resolve("simple_string.onnx");
    try (ModelRunner runner = load("simple_string", file)) {
      Tensor ones = Tensor.allocate(TensorType.STRING, 1, 16);
      Tensor counted = Tensor.allocate(TensorType.STRING, 1, 16);
      IntStream.range(0, 16).forEach(i -> counted.string(i, Integer.toString(i)));
      IntStream.range(0, 16).forEach(i -> ones.string(i, "1"));
      Tensors outputs = runner.run(Tensors.of("INPUT0", counted).and("INPUT1", ones));
      assertThat(outputs.get("OUTPUT0").string(15)).isEqualTo("16");
      assertThat(outputs.get("OUTPUT1").string(15)).isEqualTo("14");
    }
  }
}
