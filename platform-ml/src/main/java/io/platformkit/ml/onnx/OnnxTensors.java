package io.platformkit.ml.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtUtil;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.VersionId;
import java.nio.ByteBuffer;

/** Tensors of ONNX Runtime over ours, and copies of theirs. */
final class OnnxTensors {
  private OnnxTensors() {}

  /** On the same memory; strings are copied. */
  static OnnxTensor over(Tensor tensor) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = tensor.shape();
    return switch (tensor.type()) {
      case STRING -> OnnxTensor.createTensor(environment, strings(tensor), shape);
      case FLOAT32 -> OnnxTensor.createTensor(environment, tensor.floats(), shape);
      case FLOAT64 -> OnnxTensor.createTensor(environment, tensor.doubles(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, tensor.ints(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, tensor.longs(), shape);
      default ->
          OnnxTensor.createTensor(
              environment, tensor.bytes(), shape, OnnxTypes.javaType(tensor.type()));
    };
  }

  private static String[] strings(Tensor tensor) {
    String[] values = new String[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.string(i);
    }
    return values;
  }

  /** On memory of its own. */
  static Tensor copy(VersionId id, String name, OnnxTensor source) throws OrtException {
    TensorType type = OnnxTypes.type(id, name, source.getInfo());
    long[] shape = source.getInfo().getShape();
    if (type == TensorType.STRING) {
      return Tensor.ofStrings(flat(source), shape);
    }
    Tensor copy = Tensor.allocate(type, shape);
    ByteBuffer bytes = source.getByteBuffer();
    copy.bytes().put(bytes);
    return copy;
  }

  private static String[] flat(OnnxTensor source) throws OrtException {
    return source.getInfo().isScalar()
        ? new String[] {(String) source.getValue()}
        : OrtUtil.flattenString(source.getValue());
  }
}
