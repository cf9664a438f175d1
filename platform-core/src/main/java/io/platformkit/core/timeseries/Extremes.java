package io.platformkit.core.timeseries;

import java.util.Arrays;

/** Collects the first smallest and first largest value of ranges of a column. */
final class Extremes {
  /** Values staged at a time where a column is no plain array. */
  private static final int STAGE = 4096;

  private final Kernel kernel = Kernel.fastest();
  private final Column column;
  private final double[] stage;
  private int[] indices;
  private int count;

  Extremes(Column column, int expected) {
    this.column = column;
    this.stage = column instanceof Column.Doubles ? new double[0] : new double[STAGE];
    this.indices = new int[expected];
  }

  /** Adds one point; false if it is not finite. */
  boolean addOne(int index) {
    put(index);
    return Double.isFinite(column.get(index));
  }

  /**
   * Adds the two extremes of {@code [from, to)}, which is not empty; false if one is not finite.
   */
  boolean add(int from, int to) {
    if (column instanceof Column.Doubles doubles) {
      kernel.minMax(doubles.values, from, to - from);
      put(from + kernel.lowest);
      put(from + kernel.highest);
      return kernel.finite;
    }
    return addStaged(from, to);
  }

  private boolean addStaged(int from, int to) {
    int low = from;
    int high = from;
    for (int start = from; start < to; start += STAGE) {
      int length = Math.min(STAGE, to - start);
      column.copy(start, length, stage);
      kernel.minMax(stage, 0, length);
      if (!kernel.finite) {
        return false;
      }
      low = stage[kernel.lowest] < column.get(low) ? start + kernel.lowest : low;
      high = stage[kernel.highest] > column.get(high) ? start + kernel.highest : high;
    }
    put(low);
    put(high);
    return true;
  }

  private void put(int index) {
    if (count == indices.length) {
      indices = Arrays.copyOf(indices, count * 2);
    }
    indices[count++] = index;
  }

  /** All that was added, ascending, each once. */
  int[] indices() {
    return Arrays.stream(indices, 0, count).sorted().distinct().toArray();
  }
}
