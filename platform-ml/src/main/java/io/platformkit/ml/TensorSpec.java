package io.platformkit.ml;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a model says of one of its inputs or outputs.
 *
 * @param name as in the model
 * @param type of its elements
 * @param shape lengths of the dimensions, outermost first; {@link #ANY} where each call decides
 */
public record TensorSpec(String name, TensorType type, List<Long> shape) {
  /** The length of a dimension that each call decides. */
  public static final long ANY = -1;

  public TensorSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    shape = List.copyOf(shape);
    for (long length : shape) {
      if (length < ANY) {
        throw new IllegalArgumentException(
            "shape was %s but each length must be at least 0, or -1 for any".formatted(shape));
      }
    }
  }

  /** One with these lengths. */
  public static TensorSpec of(String name, TensorType type, long... shape) {
    return new TensorSpec(name, type, Arrays.stream(shape).boxed().toList());
  }

  /** Whether each call decides how many rows there are, and nothing else. */
  public boolean hasRows() {
    return !shape.isEmpty()
        && shape.getFirst() == ANY
        && shape.stream().skip(1).allMatch(length -> length != ANY);
  }

  /**
   * The number of elements of a row.
   *
   * @throws IllegalStateException unless {@link #hasRows}
   */
  public int rowElements() {
    return Shape.elements(lengths(1));
  }

  /** With so many rows. */
  private long[] lengths(int rows) {
    if (!hasRows()) {
      throw new IllegalStateException(
          "'%s' is %s: its first dimension alone must be free".formatted(name, form()));
    }
    long[] lengths = shape.stream().mapToLong(Long::longValue).toArray();
    lengths[0] = rows;
    return lengths;
  }

  /** Whether a tensor is of this type, and has this shape. */
  public boolean accepts(Tensor tensor) {
    if (tensor.type() != type || tensor.rank() != shape.size()) {
      return false;
    }
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) != ANY && shape.get(i) != tensor.dimension(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A tensor for so many rows.
   *
   * @throws IllegalStateException unless {@link #hasRows}
   */
  public Tensor allocate(int rows) {
    return Tensor.allocate(type, lengths(rows));
  }

  /** Type and shape: {@code FLOAT32[any, 64]}. */
  public String form() {
    return shape.stream()
        .map(length -> length == ANY ? "any" : length.toString())
        .collect(Collectors.joining(", ", type + "[", "]"));
  }
}
