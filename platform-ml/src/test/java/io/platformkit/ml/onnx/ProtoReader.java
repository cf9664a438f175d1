package io.platformkit.ml.onnx;

import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads what a file of the ONNX backend tests holds: a {@code TensorProto}. */
final class ProtoReader {
  private final ByteBuffer in;
  private final List<Long> shape = new ArrayList<>();
  private final List<Number> numbers = new ArrayList<>();
  private final List<String> strings = new ArrayList<>();
  private int code;
  private String name = "";
  private byte[] raw = new byte[0];

  private ProtoReader(byte[] file) {
    this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A tensor, and its name. */
  record Named(String name, Tensor tensor) {}

  static Named tensor(byte[] file) {
    ProtoReader reader = new ProtoReader(file);
    while (reader.in.hasRemaining()) {
      reader.field();
    }
    return new Named(reader.name, reader.tensor());
  }

  private void field() {
    int tag = (int) varint();
    int field = tag >>> 3;
    switch (tag & 7) {
      case 0 -> number(field, varint());
      case 1 -> number(field, in.getLong());
      case 2 -> bytes(field, next((int) varint()));
      case 5 -> number(field, in.getFloat());
      default -> throw new IllegalArgumentException("a wire type of " + (tag & 7));
    }
  }

  private void number(int field, Number value) {
    switch (field) {
      case 1 -> shape.add(value.longValue());
      case 2 -> code = value.intValue();
      case 4, 5, 7, 10, 11 -> numbers.add(value);
      default -> throw unknown(field);
    }
  }

  private void bytes(int field, byte[] value) {
    switch (field) {
      case 1 -> packed(value, shape);
      case 4 -> packedFloats(value);
      case 5, 7 -> packed(value, numbers);
      case 6 -> strings.add(new String(value, StandardCharsets.UTF_8));
      case 8 -> name = new String(value, StandardCharsets.UTF_8);
      case 9 -> raw = value;
      default -> throw unknown(field);
    }
  }

  private static IllegalArgumentException unknown(int field) {
    return new IllegalArgumentException("a field of number " + field);
  }

  private static void packed(byte[] value, List<? super Long> to) {
    ProtoReader inner = new ProtoReader(value);
    while (inner.in.hasRemaining()) {
      to.add(inner.varint());
    }
  }

  private void packedFloats(byte[] value) {
    ByteBuffer floats = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    while (floats.hasRemaining()) {
      numbers.add(floats.getFloat());
    }
  }

  private byte[] next(int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte part = in.get();
      value |= (long) (part & 0x7F) << shift;
      if (part >= 0) {
        return value;
      }
    }
  }

  private Tensor tensor() {
    long[] lengths = shape.stream().mapToLong(Long::longValue).toArray();
    TensorType type =
        Arrays.stream(TensorType.values())
            .filter(each -> OnnxFile.code(each) == code)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a data type of " + code));
    if (type == TensorType.STRING) {
      return Tensor.ofStrings(strings.toArray(String[]::new), lengths);
    }
    Tensor tensor = Tensor.allocate(type, lengths);
    ByteBuffer to = tensor.bytes();
    if (numbers.isEmpty()) {
      to.put(raw);
    }
    for (Number number : numbers) {
      put(to, type, number);
    }
    return tensor;
  }

  private static void put(ByteBuffer to, TensorType type, Number number) {
    switch (type) {
      case FLOAT32 -> to.putFloat(number.floatValue());
      case INT32 -> to.putInt(number.intValue());
      case INT64 -> to.putLong(number.longValue());
      case UINT8, INT8, BOOL -> to.put(number.byteValue());
      default -> throw new IllegalArgumentException("numbers of " + type);
    }
  }
}
