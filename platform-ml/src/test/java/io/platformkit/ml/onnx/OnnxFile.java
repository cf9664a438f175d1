package io.platformkit.ml.onnx;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An ONNX file (IR 8, operators 17), written by hand: inputs, constants, nodes, outputs. */
final class OnnxFile {
  private final ProtoMessage graph = new ProtoMessage().text(2, "graph");
  private int operators = 17;

  /** An input; a dimension is a length, or a name where each call decides. */
  OnnxFile input(String name, TensorType type, Object... dimensions) {
    graph.message(11, value(name, tensor(type, dimensions)));
    return this;
  }

  /** An output; a dimension is a length, or a name. */
  OnnxFile output(String name, TensorType type, Object... dimensions) {
    graph.message(12, value(name, tensor(type, dimensions)));
    return this;
  }

  /** An output that is a sequence of tensors. */
  OnnxFile sequenceOutput(String name, TensorType type) {
    ProtoMessage element = new ProtoMessage().message(1, new ProtoMessage().number(1, code(type)));
    graph.message(12, value(name, new ProtoMessage().message(4, message(1, element))));
    return this;
  }

  /** The version of ONNX's operators, instead of 17. */
  OnnxFile operators(int version) {
    this.operators = version;
    return this;
  }

  OnnxFile constant(String name, Tensor tensor) {
    graph.message(5, constant(tensor).text(8, name));
    return this;
  }

  /** A constant whose elements are said to be in another file. */
  OnnxFile constantIn(String file, String name, int length) {
    ProtoMessage tensor = new ProtoMessage().number(1, length).number(2, code(TensorType.UINT8));
    ProtoMessage location = new ProtoMessage().text(1, "location").text(2, file);
    graph.message(5, tensor.text(8, name).message(13, location).number(14, 1));
    return this;
  }

  OnnxFile node(String operator, String output, String... inputs) {
    return node(operator, List.of(output), List.of(inputs), List.of());
  }

  OnnxFile node(
      String operator, List<String> outputs, List<String> inputs, List<ProtoMessage> attributes) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.text(1, input));
    outputs.forEach(output -> node.text(2, output));
    node.text(3, operator + "-" + outputs.getFirst()).text(4, operator);
    attributes.forEach(attribute -> node.message(5, attribute));
    graph.message(1, node);
    return this;
  }

  static ProtoMessage attribute(String name, long value) {
    return new ProtoMessage().text(1, name).number(3, value).number(20, 2);
  }

  byte[] bytes() {
    return new ProtoMessage()
        .number(1, 8)
        .text(2, "platform-kit")
        .message(7, graph)
        .message(8, new ProtoMessage().text(1, "").number(2, operators))
        .bytes();
  }

  private static ProtoMessage constant(Tensor tensor) {
    ProtoMessage message = new ProtoMessage();
    for (long length : tensor.shape()) {
      message.number(1, length);
    }
    message.number(2, code(tensor.type()));
    if (tensor.type() == TensorType.STRING) {
      for (int i = 0; i < tensor.elements(); i++) {
        message.bytes(6, tensor.string(i).getBytes(StandardCharsets.UTF_8));
      }
      return message;
    }
    ByteBuffer bytes = tensor.bytes();
    byte[] raw = new byte[bytes.remaining()];
    bytes.get(raw);
    return message.bytes(9, raw);
  }

  private static ProtoMessage value(String name, ProtoMessage type) {
    return new ProtoMessage().text(1, name).message(2, type);
  }

  private static ProtoMessage tensor(TensorType type, Object... dimensions) {
    ProtoMessage shape = new ProtoMessage();
    for (Object dimension : dimensions) {
      shape.message(
          1,
          dimension instanceof String name
              ? new ProtoMessage().text(2, name)
              : new ProtoMessage().number(1, ((Number) dimension).longValue()));
    }
    return message(1, new ProtoMessage().number(1, code(type)).message(2, shape));
  }

  private static ProtoMessage message(int field, ProtoMessage value) {
    return new ProtoMessage().message(field, value);
  }

  /** As {@code TensorProto.DataType} counts them. */
  static int code(TensorType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case UINT16 -> 4;
      case INT16 -> 5;
      case INT32 -> 6;
      case INT64 -> 7;
      case STRING -> 8;
      case BOOL -> 9;
      case FLOAT16 -> 10;
      case FLOAT64 -> 11;
      case UINT32 -> 12;
      case UINT64 -> 13;
      case BFLOAT16 -> 16;
    };
  }
}
