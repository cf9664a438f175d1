package io.platformkit.ml.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.ModelInputException;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.VersionId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tensors of ONNX Runtime over ours, and copies of theirs. */
final class OnnxTensors {
  private OnnxTensors() {}

  /** Whether a native tensor can be over its memory; strings and wide unsigned can't. */
  static boolean isOverMemory(Tensor tensor) {
    return OnnxTypes.isOverMemory(tensor.type());
  }

  /** On the same memory. */
  static OnnxTensor over(Tensor tensor) throws OrtException {
    OrtEnvironment environment = OnnxEnvironment.get();
    long[] shape = tensor.shape();
    return switch (tensor.type()) {
      case FLOAT32 -> OnnxTensor.createTensor(environment, tensor.floats(), shape);
      case FLOAT64 -> OnnxTensor.createTensor(environment, tensor.doubles(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, tensor.ints(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, tensor.longs(), shape);
      default ->
          OnnxTensor.createTensor(
              environment, tensor.bytes(), shape, OnnxTypes.javaType(tensor.type()));
    };
  }

  /**
   * A copy of strings.
   *
   * @throws ModelInputException if one is null, which would end the process, or has a character
   *     that would reach the model as another one: the Java API gives it the JVM's form of UTF-8,
   *     in which NUL and what is above U+FFFF are other bytes
   */
  static OnnxTensor strings(VersionId id, String name, Tensor tensor) throws OrtException {
    String[] values = new String[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = requirePlain(id, name, tensor.string(i), i);
    }
    return OnnxTensor.createTensor(OnnxEnvironment.get(), values, tensor.shape());
  }

  private static String requirePlain(VersionId id, String name, @Nullable String value, int index) {
    if (value == null) {
      throw new ModelInputException(id, name, "without null", "null at " + index);
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == 0 || Character.isSurrogate(value.charAt(i))) {
        String given = "with U+%X at %d".formatted(value.codePointAt(i), index);
        throw new ModelInputException(id, name, "without NUL and all above U+FFFF", given);
      }
    }
    return value;
  }

  /** On memory of its own. */
  static Tensor copy(VersionId id, String name, OnnxTensor source) throws OrtException {
    TensorType type = OnnxTypes.type(id, name, source.getInfo());
    long[] shape = source.getInfo().getShape();
    if (type == TensorType.STRING) {
      return Tensor.ofStrings(flat(source), shape);
    }
    Tensor copy = Tensor.allocate(type, shape);
    copy.bytes().put(source.getByteBuffer());
    return copy;
  }

  /**
   * Into a tensor of ours, where ONNX Runtime can't write into it by itself.
   *
   * @throws ModelException if the shapes differ
   */
  static void copyInto(Tensor target, VersionId id, String name, OnnxTensor source)
      throws OrtException {
    Tensor copy = copy(id, name, source);
    if (!Arrays.equals(copy.shape(), target.shape())) {
      throw new ModelException(
          id, "output '%s' was bound to %s but the run gave %s".formatted(name, target, copy));
    }
    target.copyRows(0, copy, 0, copy.rows());
  }

  private static String[] flat(OnnxTensor source) throws OrtException {
    if (source.getInfo().getNumElements() == 0) {
      return new String[0];
    }
    return source.getInfo().isScalar()
        ? new String[] {(String) source.getValue()}
        : OrtUtil.flattenString(source.getValue());
  }
}
