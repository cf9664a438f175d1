package io.platformkit.ml;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in memory outside the heap, dense and row by row, so that a runner reads and writes them
 * without a copy; or strings in an array. Type and shape are fixed; the elements are the caller's
 * to change. Made once and used again and again: making one costs as much as running a small model.
 *
 * <p>A tensor may be read by many threads at once; whoever writes keeps others away. The memory
 * goes with the garbage.
 */
public final class Tensor {
  /** What vector instructions like best: a cache line, and a register of AVX-512. */
  private static final int ALIGNMENT = 64;

  private final TensorType type;
  private final long[] shape;
  private final int elements;
  private final int perRow; // elements
  private final ByteBuffer bytes;
  private final String @Nullable [] strings;
  private final int firstString;

  private Tensor(
      TensorType type,
      long[] shape,
      ByteBuffer bytes,
      String @Nullable [] strings,
      int firstString) {
    this.type = type;
    this.shape = shape;
    this.elements = Shape.elements(shape);
    this.perRow = perRow(shape);
    this.bytes = bytes;
    this.strings = strings;
    this.firstString = firstString;
  }

  /**
   * Zeros, or empty strings.
   *
   * @param shape the lengths of the dimensions, outermost first; none for a scalar
   * @throws IllegalArgumentException if a length is negative, or there are more than 2 GiB
   */
  public static Tensor allocate(TensorType type, long... shape) {
    int elements = Shape.elements(shape);
    if (type == TensorType.STRING) {
      String[] empty = new String[elements];
      Arrays.fill(empty, "");
      return ofStrings(empty, shape);
    }
    long size = (long) elements * type.bytes();
    if (size > Integer.MAX_VALUE - ALIGNMENT) {
      throw new IllegalArgumentException(
          "shape was %s but a tensor of %s must have less than 2 GiB"
              .formatted(Arrays.toString(shape), type));
    }
    ByteBuffer room = ByteBuffer.allocateDirect((int) size + ALIGNMENT);
    int begin = (ALIGNMENT - room.alignmentOffset(0, ALIGNMENT)) % ALIGNMENT;
    ByteBuffer aligned = room.slice(begin, (int) size).order(ByteOrder.nativeOrder());
    return new Tensor(type, shape.clone(), aligned, null, 0);
  }

  /** A copy of numbers. */
  public static Tensor of(float[] values, long... shape) {
    Tensor made = allocate(TensorType.FLOAT32, shape);
    made.requireElements(values.length);
    made.floats().put(values);
    return made;
  }

  /** A copy of numbers. */
  public static Tensor of(long[] values, long... shape) {
    Tensor made = allocate(TensorType.INT64, shape);
    made.requireElements(values.length);
    made.longs().put(values);
    return made;
  }

  /**
   * Strings; the array is used, not copied.
   *
   * @throws IllegalArgumentException if the shape has not as many elements
   */
  public static Tensor ofStrings(String[] values, long... shape) {
    Tensor made =
        new Tensor(TensorType.STRING, shape.clone(), ByteBuffer.allocateDirect(0), values, 0);
    made.requireElements(values.length);
    return made;
  }

  private void requireElements(int given) {
    if (given != elements) {
      throw new IllegalArgumentException(
          "values had %d elements but shape %s has %d"
              .formatted(given, Arrays.toString(shape), elements));
    }
  }

  /** What the elements are. */
  public TensorType type() {
    return type;
  }

  /** The lengths of the dimensions, outermost first; a copy. */
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions; 0 for a scalar. */
  public int rank() {
    return shape.length;
  }

  /**
   * The length of a dimension.
   *
   * @param dimension from 0, the outermost
   */
  public long dimension(int dimension) {
    return shape[dimension];
  }

  /** The length of the outermost dimension; 1 for a scalar. */
  public int rows() {
    return shape.length == 0 ? 1 : (int) shape[0];
  }

  /** The number of elements of a row; of a scalar, its one. */
  public int rowElements() {
    return perRow;
  }

  /** The number of elements. */
  public int elements() {
    return elements;
  }

  /**
   * A view of some rows, on the same memory.
   *
   * @param first from 0
   * @throws IndexOutOfBoundsException if there are not so many rows
   */
  public Tensor rows(int first, int count) {
    if (shape.length == 0) {
      throw new IllegalArgumentException("a scalar has no rows");
    }
    if (first < 0 || count < 0 || first > shape[0] - count) {
      throw new IndexOutOfBoundsException(
          "rows %d to %d were asked for but there are %d"
              .formatted(first, (long) first + count, shape[0]));
    }
    long[] part = shape.clone();
    part[0] = count;
    if (strings != null) {
      return new Tensor(type, part, bytes, strings, firstString + first * perRow);
    }
    int rowBytes = perRow * type.bytes();
    ByteBuffer slice = bytes.slice(first * rowBytes, count * rowBytes);
    return new Tensor(type, part, slice.order(ByteOrder.nativeOrder()), null, 0);
  }

  private static int perRow(long... shape) {
    int product = 1;
    for (int i = 1; i < shape.length; i++) {
      product *= (int) shape[i];
    }
    return product;
  }

  /** As a view with all elements, in native order, from position 0; all types but strings. */
  public ByteBuffer bytes() {
    if (strings != null) {
      throw new IllegalStateException("a tensor of strings has no bytes");
    }
    return bytes.duplicate().order(ByteOrder.nativeOrder());
  }

  /** As {@link #bytes}, of a tensor of {@link TensorType#FLOAT32}. */
  public FloatBuffer floats() {
    require(TensorType.FLOAT32);
    return bytes.asFloatBuffer();
  }

  /** As {@link #bytes}, of a tensor of {@link TensorType#FLOAT64}. */
  public DoubleBuffer doubles() {
    require(TensorType.FLOAT64);
    return bytes.asDoubleBuffer();
  }

  /** As {@link #bytes}, of a tensor of {@link TensorType#INT64} or {@link TensorType#UINT64}. */
  public LongBuffer longs() {
    requireSize(Long.BYTES, type != TensorType.FLOAT64);
    return bytes.asLongBuffer();
  }

  /** As {@link #bytes}, of a tensor of {@link TensorType#INT32} or {@link TensorType#UINT32}. */
  public IntBuffer ints() {
    requireSize(Integer.BYTES, type != TensorType.FLOAT32);
    return bytes.asIntBuffer();
  }

  /** As {@link #bytes}, of a tensor whose elements have 16 bits, floating point as well. */
  public ShortBuffer shorts() {
    requireSize(Short.BYTES, true);
    return bytes.asShortBuffer();
  }

  private void require(TensorType wanted) {
    if (type != wanted) {
      throw new IllegalStateException(
          "the tensor is of %s and was asked for as %s".formatted(type, wanted));
    }
  }

  private void requireSize(int size, boolean kind) {
    if (type.bytes() != size || !kind) {
      throw new IllegalStateException(
          "the tensor is of %s and was asked for as integers of %d bits"
              .formatted(type, size * Byte.SIZE));
    }
  }

  /** An element of a tensor of strings. */
  public String string(int index) {
    return requireStrings()[firstString + checked(index)];
  }

  /** Changes an element of a tensor of strings. */
  public void string(int index, String value) {
    requireStrings()[firstString + checked(index)] = value;
  }

  private int checked(int index) {
    return Objects.checkIndex(index, elements);
  }

  private String[] requireStrings() {
    if (strings == null) {
      throw new IllegalStateException("the tensor is of " + type + " and was asked for as strings");
    }
    return strings;
  }

  /**
   * Copies rows of a tensor of the same type and the same length of rows into this one; makes no
   * garbage.
   *
   * @param row the first one here that is overwritten
   * @param from the first one there
   * @throws IndexOutOfBoundsException if either has not so many rows
   */
  public void copyRows(int row, Tensor source, int from, int count) {
    if (source.type != type) {
      throw new IllegalArgumentException(
          "source was of %s but it must be of %s".formatted(source.type, type));
    }
    if (source.perRow != perRow) {
      throw new IllegalArgumentException(
          "source had rows of %d elements but they must have %d".formatted(source.perRow, perRow));
    }
    if (strings != null) {
      System.arraycopy(
          source.requireStrings(),
          source.firstString + from * perRow,
          strings,
          firstString + row * perRow,
          count * perRow);
    } else {
      int rowBytes = perRow * type.bytes();
      bytes.put(row * rowBytes, source.bytes, from * rowBytes, count * rowBytes);
    }
  }

  /** Type and shape: {@code FLOAT32[500, 64]}. */
  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
