package io.platformkit.ml.batching;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The numbers of rows that runs have; a batch between two of them is padded. Few, because runtimes
 * prepare for each shape.
 */
final class Sizes {
  private static final int PER_DOUBLING = 4;

  private final int[] ascending;

  private Sizes(int[] ascending) {
    this.ascending = ascending;
  }

  /** Each size up to 8, then four a doubling: at most a quarter of a run is padding. */
  static Sizes upTo(int most) {
    IntStream.Builder sizes = IntStream.builder();
    int step = 1;
    for (int size = 1; size < most; size += step) {
      sizes.add(size);
      step = Math.max(1, Integer.highestOneBit(size) / PER_DOUBLING);
    }
    return new Sizes(sizes.add(most).build().toArray());
  }

  /** These, in any order. */
  static Sizes of(int... sizes) {
    return new Sizes(Arrays.stream(sizes).distinct().sorted().toArray());
  }

  int count() {
    return ascending.length;
  }

  int get(int index) {
    return ascending[index];
  }

  int most() {
    return ascending[ascending.length - 1];
  }

  /** Which is the smallest with room for so many rows, at most {@link #most}. */
  int indexFor(int rows) {
    int found = Arrays.binarySearch(ascending, rows);
    return found >= 0 ? found : -found - 1;
  }

  int[] toArray() {
    return ascending.clone();
  }
}
