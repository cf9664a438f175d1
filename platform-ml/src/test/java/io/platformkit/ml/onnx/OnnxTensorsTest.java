package io.platformkit.ml.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.ModelRunner;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.Tensors;
import io.platformkit.ml.VersionId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxTensorsTest {
  private static final VersionId ID = new VersionId("model", "1");

  private static ModelRunner load(OnnxFile file) {
    return OnnxLoader.builder().build().load(ID, file.bytes());
  }

  private static OnnxFile identity(TensorType type, Object... dimensions) {
    return new OnnxFile()
        .input("x", type, dimensions)
        .output("y", type, dimensions)
        .node("Identity", "y", "x");
  }

  private static Tensor counted(TensorType type, long... shape) {
    Tensor tensor = Tensor.allocate(type, shape);
    for (int i = 0; i < tensor.elements(); i++) {
      if (type == TensorType.STRING) {
        tensor.string(i, "s" + i);
      } else if (type == TensorType.BOOL) {
        tensor.bytes().put(i, (byte) (i % 2));
      } else {
        IntStream.range(i * type.bytes(), (i + 1) * type.bytes())
            .forEach(at -> tensor.bytes().put(at, (byte) (at + 1)));
      }
    }
    return tensor;
  }

  private static List<Object> elements(Tensor tensor) {
    return IntStream.range(0, tensor.elements())
        .mapToObj(i -> tensor.type() == TensorType.STRING ? tensor.string(i) : number(tensor, i))
        .toList();
  }

  private static Object number(Tensor tensor, int index) {
    byte[] bytes = new byte[tensor.type().bytes()];
    tensor.bytes().get(index * bytes.length, bytes);
    return new java.math.BigInteger(bytes);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UINT16", "UINT32", "UINT64"})
  void eachTypeGoesInAndComesOut(TensorType type) {
    Tensor x = counted(type, 2, 3);
    try (ModelRunner runner = load(identity(type, "N", 3))) {
      Tensor allocated = runner.run(Tensors.of("x", x)).get("y");
      assertThat(allocated).hasToString(type + "[2, 3]");
      assertThat(elements(allocated)).isEqualTo(elements(x));

      Tensor y = Tensor.allocate(type, 2, 3);
      try (var binding = runner.bind(Tensors.of("x", x), Tensors.of("y", y))) {
        assertThat(binding.run().get("y")).isSameAs(y);
      }
      assertThat(elements(y)).isEqualTo(elements(x));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UINT16", "UINT32", "UINT64"})
  void eachTypeMayBeAScalar(TensorType type) {
    Tensor x = counted(type);
    try (ModelRunner runner = load(identity(type))) {
      Tensor y = runner.run(Tensors.of("x", x)).get("y");
      assertThat(y.rank()).isZero();
      assertThat(elements(y)).isEqualTo(elements(x));

      Tensor bound = Tensor.allocate(type);
      try (var binding = runner.bind(Tensors.of("x", x), Tensors.of("y", bound))) {
        binding.run();
      }
      assertThat(elements(bound)).isEqualTo(elements(x));
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UINT16", "UINT32", "UINT64"})
  void eachTypeMayHaveNoRows(TensorType type) {
    Tensor x = Tensor.allocate(type, 0, 3);
    try (ModelRunner runner = load(identity(type, "N", 3))) {
      assertThat(runner.run(Tensors.of("x", x)).get("y")).hasToString(type + "[0, 3]");
      Tensor y = Tensor.allocate(type, 0, 3);
      try (var binding = runner.bind(Tensors.of("x", x), Tensors.of("y", y))) {
        assertThat(binding.run().get("y")).isSameAs(y);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void wideUnsignedTypesComeOut(TensorType type) {
    OnnxFile file =
        new OnnxFile()
            .input("x", TensorType.INT64, "N")
            .output("y", type, "N")
            .node(
                "Cast",
                List.of("y"),
                List.of("x"),
                List.of(OnnxFile.attribute("to", OnnxFile.code(type))));
    try (ModelRunner runner = load(file)) {
      Tensors x = Tensors.of("x", Tensor.of(new long[] {1, -1}, 2));
      Tensor y = runner.run(x).get("y");
      assertThat(y).hasToString(type + "[2]");
      assertThat(y.bytes().get(0)).isEqualTo((byte) 1);
      assertThat(y.bytes().get(2 * type.bytes() - 1)).isEqualTo((byte) -1);

      Tensor bound = Tensor.allocate(type, 2);
      try (var binding = runner.bind(x, Tensors.of("y", bound))) {
        assertThat(binding.run().get("y")).isSameAs(bound);
      }
      assertThat(elements(bound)).isEqualTo(elements(y));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void wideUnsignedTypesCantGoIn(TensorType type) {
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> load(identity(type, "N")))
        .withMessage(
            "model 'model' version '1': input 'x' is %s[any], which ONNX Runtime's Java API can't"
                + " be given",
            type);
  }

  @Test
  void stringsKeepTheirCharacters() {
    String[] values = {"", "é", "日本", "\t", "\uFFFD"};
    try (ModelRunner runner = load(identity(TensorType.STRING, "N"))) {
      Tensor y = runner.run(Tensors.of("x", Tensor.ofStrings(values, values.length))).get("y");
      assertThat(elements(y)).containsExactly((Object[]) values);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "\uD83D\uDE00", "\uD83D"})
  void aStringThatWouldReachTheModelAsAnotherIsRefused(String value) {
    Tensor x = Tensor.ofStrings(new String[] {"a", value}, 2);
    try (ModelRunner runner = load(identity(TensorType.STRING, "N"))) {
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", x)))
          .withMessageMatching(
              ".* input 'x' was with U\\+[0-9A-F]+ at 1 but it must be without .*");
    }
  }

  @Test
  void stringsAreReadAtEachRun() {
    Tensor x = Tensor.ofStrings(new String[] {"a", "b"}, 2);
    Tensor y = Tensor.allocate(TensorType.STRING, 2);
    try (ModelRunner runner = load(identity(TensorType.STRING, "N"));
        var binding = runner.bind(Tensors.of("x", x), Tensors.of("y", y))) {
      binding.run();
      x.string(1, "c");
      binding.run();
    }
    assertThat(elements(y)).containsExactly("a", "c");
  }

  @Test
  void aViewOfSomeRowsGoesInAlone() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 3, 2).rows(1, 1);
    try (ModelRunner runner = load(identity(TensorType.FLOAT32, "N", 2))) {
      Tensor y = runner.run(Tensors.of("x", x)).get("y");
      assertThat(elements(y)).isEqualTo(elements(x));
    }
  }

  @Test
  void anOutputWhoseShapeTheElementsDecideIsAllocated() {
    OnnxFile file =
        new OnnxFile()
            .input("x", TensorType.FLOAT32, "N")
            .output("y", TensorType.INT64, 1, "found")
            .node("NonZero", "y", "x");
    try (ModelRunner runner = load(file)) {
      Tensors x = Tensors.of("x", Tensor.of(new float[] {0, 5, 0, 7}, 4));
      Tensor y = runner.run(x).get("y");
      assertThat(y).hasToString("INT64[1, 2]");
      assertThat(y.longs().get(1)).isEqualTo(3);
    }
  }

  @Test
  void aNullAmongStringsIsRefused() {
    String[] values = new String[2];
    values[0] = "a";
    try (ModelRunner runner = load(identity(TensorType.STRING, "N"))) {
      assertThatExceptionOfType(ModelInputException.class)
          .isThrownBy(() -> runner.run(Tensors.of("x", Tensor.ofStrings(values, 2))))
          .withMessageContaining("input 'x' was null at 1");
    }
  }

  @Test
  void sequencesAreRefusedAtTheLoad() {
    OnnxFile file =
        new OnnxFile()
            .input("x", TensorType.FLOAT32, "N")
            .sequenceOutput("y", TensorType.FLOAT32)
            .node("SequenceConstruct", "y", "x");
    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> load(file))
        .withMessageContaining("'y' is no tensor but");
  }
}
