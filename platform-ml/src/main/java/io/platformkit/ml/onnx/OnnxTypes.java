package io.platformkit.ml.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.platformkit.ml.ModelException;
import io.platformkit.ml.TensorSpec;
import io.platformkit.ml.TensorType;
import io.platformkit.ml.VersionId;
import java.util.Arrays;

/** Types and shapes of ONNX Runtime in our words, and back. */
final class OnnxTypes {
  private OnnxTypes() {}

  /**
   * What an input is.
   *
   * @throws ModelException if it is nothing that can be given
   */
  static TensorSpec input(VersionId id, NodeInfo node) {
    TensorSpec spec = output(id, node);
    if (spec.type() != TensorType.STRING && !isOverMemory(spec.type())) {
      throw new ModelException(
          id,
          "input '%s' is %s, which ONNX Runtime's Java API can't be given"
              .formatted(spec.name(), spec.form()));
    }
    return spec;
  }

  /**
   * What an output is.
   *
   * @throws ModelException if it is nothing that can be taken
   */
  static TensorSpec output(VersionId id, NodeInfo node) {
    if (!(node.getInfo() instanceof TensorInfo info)) {
      throw new ModelException(
          id,
          "'%s' is no tensor but %s; only tensors can be given and taken"
              .formatted(node.getName(), node.getInfo()));
    }
    long[] shape = Arrays.stream(info.getShape()).map(each -> Math.max(each, -1)).toArray();
    return TensorSpec.of(node.getName(), type(id, node.getName(), info), shape);
  }

  static TensorType type(VersionId id, String name, TensorInfo info) {
    return switch (info.onnxType) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> TensorType.FLOAT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> TensorType.FLOAT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> TensorType.FLOAT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> TensorType.BFLOAT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> TensorType.INT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> TensorType.INT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> TensorType.INT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> TensorType.INT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> TensorType.UINT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> TensorType.UINT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> TensorType.UINT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> TensorType.UINT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> TensorType.BOOL;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> TensorType.STRING;
      default ->
          throw new ModelException(
              id,
              "'%s' is a tensor of %s, which ONNX Runtime's Java API can't carry"
                  .formatted(name, info.onnxType));
    };
  }

  /** Whether a native tensor can be over memory of ours; strings and wide unsigned can't. */
  static boolean isOverMemory(TensorType type) {
    return switch (type) {
      case STRING, UINT16, UINT32, UINT64 -> false;
      default -> true;
    };
  }

  /** For those that {@link #isOverMemory}. */
  static OnnxJavaType javaType(TensorType type) {
    return switch (type) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      case STRING, UINT16, UINT32, UINT64 ->
          throw new IllegalArgumentException("type was " + type + " but it must be over memory");
    };
  }
}
