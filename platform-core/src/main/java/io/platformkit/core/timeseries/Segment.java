package io.platformkit.core.timeseries;

import java.util.Arrays;

/** A stretch of {@link Segments}: up to {@link #SIZE} points and what is kept of each block. */
final class Segment {
  /** Points of a block. */
  static final int BLOCK = 256;

  /**
   * Most points of a segment: a power of two and a multiple of {@link #BLOCK}. With twice as many
   * an array is just over half of G1's smallest region, gets one to itself, and the heap doubles.
   */
  static final int SIZE = 1 << 15;

  private int size;
  private long[] times = new long[BLOCK];
  private double[] values = new double[BLOCK];

  /** For each block: the sum of its times less its first time, and of its values. */
  private double[] sumTimes = new double[1];

  private double[] sumValues = new double[1];
  private double[] low = new double[1];
  private double[] high = new double[1];

  boolean isFull() {
    return size == SIZE;
  }

  int size() {
    return size;
  }

  long[] times() {
    return times;
  }

  double[] values() {
    return values;
  }

  void push(long time, double value) {
    if (size == times.length) {
      grow();
    }
    times[size] = time;
    values[size] = value;
    summarize(size);
    size++;
  }

  private void grow() {
    int room = times.length * 2;
    times = Arrays.copyOf(times, room);
    values = Arrays.copyOf(values, room);
    int blocks = room / BLOCK;
    sumTimes = Arrays.copyOf(sumTimes, blocks);
    sumValues = Arrays.copyOf(sumValues, blocks);
    low = Arrays.copyOf(low, blocks);
    high = Arrays.copyOf(high, blocks);
  }

  private void summarize(int i) {
    int block = i / BLOCK;
    double value = values[i];
    if (i % BLOCK == 0) {
      sumTimes[block] = 0;
      sumValues[block] = 0;
      low[block] = value;
      high[block] = value;
    }
    sumTimes[block] += times[i] - times[block * BLOCK];
    sumValues[block] += value;
    low[block] = Math.min(low[block], value);
    high[block] = Math.max(high[block], value);
  }

  void replace(int offset, double value) {
    values[offset] = value;
    summarizeBlock(offset / BLOCK);
  }

  void truncate(int newSize) {
    size = newSize;
    if (newSize % BLOCK != 0) {
      summarizeBlock(newSize / BLOCK);
    }
  }

  private void summarizeBlock(int block) {
    for (int i = block * BLOCK; i < Math.min(size, (block + 1) * BLOCK); i++) {
      summarize(i);
    }
  }

  /** The sum of a whole block's times, each less {@code origin}. */
  double sumTimes(int block, long origin) {
    return sumTimes[block] + (double) BLOCK * (times[block * BLOCK] - origin);
  }

  double sumValues(int block) {
    return sumValues[block];
  }

  /** The smallest value of a block; NaN if one of its values is. */
  double low(int block) {
    return low[block];
  }

  /** The largest value of a block; NaN if one of its values is. */
  double high(int block) {
    return high[block];
  }

  /** Whether all values of a block are finite. */
  boolean isFinite(int block) {
    return Double.isFinite(low[block]) && Double.isFinite(high[block]);
  }
}
