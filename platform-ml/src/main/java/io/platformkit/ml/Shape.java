package io.platformkit.ml;

import java.util.Arrays;

/** Arithmetic of shapes: the lengths of a tensor's dimensions, outermost first. */
final class Shape {
  private Shape() {}

  /**
   * The number of elements; 1 for a scalar, which has no dimensions.
   *
   * @throws IllegalArgumentException if a length is negative or the product is no int
   */
  static int elements(long... shape) {
    long product = 1;
    for (long length : shape) {
      if (length < 0 || length > Integer.MAX_VALUE) {
        throw fault(shape, "each length must be from 0 to " + Integer.MAX_VALUE);
      }
      product *= length;
      if (product > Integer.MAX_VALUE) {
        throw fault(shape, "it must have at most " + Integer.MAX_VALUE + " elements");
      }
    }
    return (int) product;
  }

  private static IllegalArgumentException fault(long[] shape, String rule) {
    return new IllegalArgumentException(
        "shape was %s but %s".formatted(Arrays.toString(shape), rule));
  }
}
