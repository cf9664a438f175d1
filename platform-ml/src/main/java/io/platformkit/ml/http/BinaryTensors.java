package io.platformkit.ml.http;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Elements of tensors as bytes: little-endian, row by row; a string as its length in 4 bytes and
 * its UTF-8.
 *
 * @see <a
 *     href="https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md">
 *     Binary tensor data extension</a>
 */
final class BinaryTensors {
  private BinaryTensors() {}

  /**
   * Reads elements.
   *
   * @param name for messages
   * @param data exactly the tensor's bytes
   * @throws io.platformkit.core.http.ProblemException 400 if they are not as many as the shape has
   */
  static Tensor read(String name, TensorType type, long[] shape, ByteBuffer data) {
    Tensor tensor = JsonTensors.allocate(name, type, shape);
    if (type == TensorType.STRING) {
      readStrings(name, tensor, data.order(ByteOrder.LITTLE_ENDIAN));
      return tensor;
    }
    int wanted = tensor.elements() * type.bytes();
    if (data.remaining() != wanted) {
      throw Failures.malformed(
          "input '%s' had %d bytes but its shape %s has %d"
              .formatted(name, data.remaining(), tensor, wanted));
    }
    copy(data, tensor.bytes(), type.bytes());
    return tensor;
  }

  /** Between the native order and little-endian, which mostly are the same. */
  private static void copy(ByteBuffer from, ByteBuffer to, int elementBytes) {
    if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      to.put(from);
      return;
    }
    byte[] element = new byte[elementBytes];
    while (from.hasRemaining()) {
      from.get(element);
      for (int i = element.length - 1; i >= 0; i--) {
        to.put(element[i]);
      }
    }
  }

  private static void readStrings(String name, Tensor tensor, ByteBuffer data) {
    for (int i = 0; i < tensor.elements(); i++) {
      int length = data.remaining() < Integer.BYTES ? -1 : data.getInt();
      if (length < 0 || length > data.remaining()) {
        throw Failures.malformed(
            "element %d of input '%s' has not as many bytes as it says".formatted(i, name));
      }
      tensor.string(i, text(name, i, data.slice(data.position(), length)));
      data.position(data.position() + length);
    }
    if (data.hasRemaining()) {
      throw Failures.malformed(
          "input '%s' had %d bytes after its last element".formatted(name, data.remaining()));
    }
  }

  private static String text(String name, int index, ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw Failures.malformed(
          "element %d of input '%s' is no UTF-8, which it must be".formatted(index, name));
    }
  }

  /** Appends elements; how many bytes they are. */
  static int write(Tensor tensor, ByteArrayOutputStream to) {
    int before = to.size();
    if (tensor.type() == TensorType.STRING) {
      for (int i = 0; i < tensor.elements(); i++) {
        byte[] text = tensor.string(i).getBytes(StandardCharsets.UTF_8);
        to.writeBytes(
            ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, text.length)
                .array());
        to.writeBytes(text);
      }
    } else {
      byte[] bytes = new byte[tensor.elements() * tensor.type().bytes()];
      copy(tensor.bytes(), ByteBuffer.wrap(bytes), tensor.type().bytes());
      to.writeBytes(bytes);
    }
    return to.size() - before;
  }
}
