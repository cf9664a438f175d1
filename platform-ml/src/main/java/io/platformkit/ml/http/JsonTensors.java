package io.platformkit.ml.http;

import io.platformkit.core.http.Problem;
import io.platformkit.ml.Elements;
import io.platformkit.ml.Tensor;
import io.platformkit.ml.TensorType;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements of tensors as JSON has them: a flat list, or lists in lists. */
final class JsonTensors {
  private JsonTensors() {}

  /**
   * Reads elements, in row-major order.
   *
   * @param name for messages
   * @param data a list of elements, or of lists
   * @throws io.platformkit.core.http.ProblemException 400 if there are not as many as the shape
   *     has, or one is not of the type
   */
  static Tensor read(String name, TensorType type, long[] shape, List<?> data) {
    Tensor tensor = allocate(name, type, shape);
    Cursor cursor = new Cursor(name, tensor);
    cursor.add(data);
    if (cursor.next != tensor.elements()) {
      throw Failures.malformed(
          "input '%s' had %d elements but its shape %s has %d"
              .formatted(name, cursor.next, tensor, tensor.elements()));
    }
    return tensor;
  }

  static Tensor allocate(String name, TensorType type, long[] shape) {
    try {
      return Tensor.allocate(type, shape);
    } catch (IllegalArgumentException fault) {
      throw Failures.malformed("input '%s': %s".formatted(name, fault.getMessage()));
    }
  }

  /** Where the next element goes. */
  private static final class Cursor {
    private final String name;
    private final Tensor to;
    private final TensorType type;
    private int next;

    Cursor(String name, Tensor to) {
      this.name = name;
      this.to = to;
      this.type = to.type();
    }

    void add(@Nullable Object value) {
      if (value instanceof List<?> list) {
        list.forEach(this::add);
        return;
      }
      if (next < to.elements() && !write(value)) {
        throw Failures.malformed(
            "element %d of input '%s'".formatted(next, name), value, "a " + DataTypes.name(type));
      }
      next++;
    }

    /** False if the value is none of the type. */
    private boolean write(@Nullable Object value) {
      return switch (type) {
        case STRING -> value instanceof String text && put(text);
        case BOOL -> value instanceof Boolean is && put(is ? 1 : 0, 0, 1);
        case INT8 -> whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
        case INT16 -> whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
        case INT32 -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        case INT64 -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
        case UINT8 -> whole(value, 0, 0xFF);
        case UINT16 -> whole(value, 0, 0xFFFF);
        case UINT32 -> whole(value, 0, 0xFFFF_FFFFL);
        case UINT64 -> unsigned(value);
        case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 ->
            value instanceof Number number && put(number.doubleValue());
      };
    }

    private boolean put(String text) {
      to.string(next, text);
      return true;
    }

    private boolean whole(@Nullable Object value, long min, long max) {
      return switch (value) {
        case Integer number -> put(number, min, max);
        case Long number -> put(number, min, max);
        case Double number -> number == Math.rint(number) && put(number.longValue(), min, max);
        case null, default -> false;
      };
    }

    private boolean unsigned(@Nullable Object value) {
      if (value instanceof BigInteger large) {
        return large.signum() >= 0 && large.bitLength() <= Long.SIZE && set(large.longValue());
      }
      return whole(value, 0, Long.MAX_VALUE);
    }

    private boolean put(long number, long min, long max) {
      return number >= min && number <= max && set(number);
    }

    private boolean set(long number) {
      int at = next * type.bytes();
      switch (type.bytes()) {
        case Byte.BYTES -> to.bytes().put(at, (byte) number);
        case Short.BYTES -> to.bytes().putShort(at, (short) number);
        case Integer.BYTES -> to.bytes().putInt(at, (int) number);
        default -> to.bytes().putLong(at, number);
      }
      return true;
    }

    private boolean put(double number) {
      boolean right = Elements.canHold(type, number);
      if (right) {
        Elements.write(to, next, number);
      }
      return right;
    }
  }

  /**
   * Elements for JSON, flat.
   *
   * @throws io.platformkit.core.http.ProblemException 500 if one is no finite number, for which
   *     JSON has no word
   */
  static Object write(String name, Tensor tensor) {
    return switch (tensor.type()) {
      case STRING -> strings(tensor);
      case BOOL -> bools(tensor);
      case UINT64 -> unsigned(tensor);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32 -> longs(tensor);
      case FLOAT64 -> doubles(name, tensor);
      case FLOAT16, BFLOAT16, FLOAT32 -> floats(name, tensor);
    };
  }

  /** As {@link #write}, each element an object. */
  static List<Object> list(String name, Tensor tensor) {
    Object flat = write(name, tensor);
    List<Object> elements = new ArrayList<>(tensor.elements());
    for (int i = 0; i < tensor.elements(); i++) {
      elements.add(Array.get(flat, i));
    }
    return elements;
  }

  private static String[] strings(Tensor tensor) {
    String[] values = new String[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.string(i);
    }
    return values;
  }

  private static boolean[] bools(Tensor tensor) {
    ByteBuffer bytes = tensor.bytes();
    boolean[] values = new boolean[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.get(i) != 0;
    }
    return values;
  }

  private static BigInteger[] unsigned(Tensor tensor) {
    BigInteger[] values = new BigInteger[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = new BigInteger(Long.toUnsignedString(tensor.longs().get(i)));
    }
    return values;
  }

  private static long[] longs(Tensor tensor) {
    long[] values = new long[tensor.elements()];
    if (tensor.type() == TensorType.INT64) {
      tensor.longs().get(0, values);
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) Elements.read(tensor, i);
    }
    return values;
  }

  private static double[] doubles(String name, Tensor tensor) {
    double[] values = new double[tensor.elements()];
    tensor.doubles().get(0, values);
    for (double value : values) {
      requireFinite(name, value);
    }
    return values;
  }

  private static float[] floats(String name, Tensor tensor) {
    float[] values = new float[tensor.elements()];
    if (tensor.type() == TensorType.FLOAT32) {
      tensor.floats().get(0, values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Elements.read(tensor, i);
      }
    }
    for (float value : values) {
      requireFinite(name, value);
    }
    return values;
  }

  private static void requireFinite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw Problem.of(
              500,
              "output '%s' holds '%s', for which JSON has no word; ask for binary data"
                  .formatted(name, value))
          .toException();
    }
  }
}
