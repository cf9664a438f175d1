package io.platformkit.ml;

import java.nio.ByteBuffer;

/** Elements of tensors of any type but strings, as doubles; whole ones are exact up to 2^53. */
public final class Elements {
  private static final long EXACT = 1L << 53; // whole numbers that a double tells apart
  private static final double LARGEST_HALF = 65_504;
  private static final double LARGEST_BFLOAT = 0x1.FEp127;
  private static final int UPPER_HALF = 16;

  private Elements() {}

  /** Whether a finite number can be such an element; fractions may be rounded, whole parts not. */
  public static boolean canHold(TensorType type, double number) {
    return switch (type) {
      case FLOAT64 -> true;
      case FLOAT32 -> Float.isFinite((float) number);
      case BFLOAT16 -> Math.abs(number) <= LARGEST_BFLOAT;
      case FLOAT16 -> Math.abs(number) <= LARGEST_HALF;
      case INT8 -> isWhole(number, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> isWhole(number, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> isWhole(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case INT64 -> isWhole(number, -EXACT, EXACT);
      case UINT8 -> isWhole(number, 0, 0xFF);
      case UINT16 -> isWhole(number, 0, 0xFFFF);
      case UINT32 -> isWhole(number, 0, 0xFFFF_FFFFL);
      case UINT64 -> isWhole(number, 0, EXACT);
      case BOOL -> isWhole(number, 0, 1);
      case STRING -> false;
    };
  }

  private static boolean isWhole(double number, long min, long max) {
    return number >= min && number <= max && number == Math.rint(number);
  }

  /** Writes a number that the type {@link #canHold}. */
  public static void write(Tensor to, int index, double number) {
    ByteBuffer bytes = to.bytes();
    int at = index * to.type().bytes();
    switch (to.type()) {
      case FLOAT32 -> bytes.putFloat(at, (float) number);
      case FLOAT64 -> bytes.putDouble(at, number);
      case FLOAT16 -> bytes.putShort(at, Float.floatToFloat16((float) number));
      case BFLOAT16 -> bytes.putShort(at, bfloat16((float) number));
      case INT8, UINT8, BOOL -> bytes.put(at, (byte) number);
      case INT16, UINT16 -> bytes.putShort(at, (short) number);
      case INT32, UINT32 -> bytes.putInt(at, (int) (long) number);
      case INT64, UINT64 -> bytes.putLong(at, (long) number);
      case STRING -> throw new IllegalStateException("a string is no number");
    }
  }

  /** To the nearest, ties to even. */
  private static short bfloat16(float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = bits + 0x7FFF + (bits >>> UPPER_HALF & 1);
    return (short) (rounded >>> UPPER_HALF);
  }

  /** Reads an element, whatever its type. */
  public static double read(Tensor from, int index) {
    ByteBuffer bytes = from.bytes();
    int at = index * from.type().bytes();
    return switch (from.type()) {
      case FLOAT32 -> bytes.getFloat(at);
      case FLOAT64 -> bytes.getDouble(at);
      case FLOAT16 -> Float.float16ToFloat(bytes.getShort(at));
      case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort(at) << UPPER_HALF);
      case INT8 -> bytes.get(at);
      case UINT8, BOOL -> Byte.toUnsignedInt(bytes.get(at));
      case INT16 -> bytes.getShort(at);
      case UINT16 -> Short.toUnsignedInt(bytes.getShort(at));
      case INT32 -> bytes.getInt(at);
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt(at));
      case INT64 -> bytes.getLong(at);
      case UINT64 -> unsigned(bytes.getLong(at));
      case STRING -> throw new IllegalStateException("a string is no number");
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : (bits >>> 1) * 2.0;
  }
}
