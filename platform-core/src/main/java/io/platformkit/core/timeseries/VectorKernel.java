package io.platformkit.core.timeseries;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;
import static jdk.incubator.vector.VectorOperators.MIN;

import java.util.Arrays;
import java.util.function.Supplier;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The same loops by the Vector API: two vectors of four lanes hold the eight partial sums, also
 * where wider vectors exist, as the loops wait for memory then. Loaded by {@link KernelChoice}
 * alone.
 */
final class VectorKernel extends Kernel {
  private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_256;
  private static final int HALF = 4;
  private static final int STEP = 2 * HALF;
  private static final DoubleVector LANE =
      DoubleVector.fromArray(LANES, new double[] {0, 1, 2, 3}, 0);
  private static final DoubleVector BEYOND = DoubleVector.broadcast(LANES, 1e300);

  /** Null where vectors have fewer than four doubles. */
  static final @Nullable Supplier<Kernel> FACTORY =
      VectorShape.preferredShape().vectorBitSize() < LANES.vectorBitSize()
          ? null
          : VectorKernel::new;

  private final double[] partialX = new double[STEP];
  private final double[] partialY = new double[STEP];

  @Override
  boolean bounds() {
    return true;
  }

  @Override
  void read(double[] x, int xFrom, double[] y, int yFrom, Bucket into) {
    if (into.length <= BlockSearch.SMALL) {
      into.sumX = sum(x, xFrom, into.length);
      into.sumY = sum(y, yFrom, into.length);
      into.increasing = increase(x, xFrom, into.length);
      return;
    }
    Arrays.fill(partialX, 0);
    Arrays.fill(partialY, 0);
    into.increasing = true;
    int k = 0;
    for (; k <= into.length - BLOCK; k += BLOCK) {
      readY(y, yFrom + k, BLOCK, into, k / BLOCK);
      readX(x, xFrom + k, BLOCK, into, k / BLOCK);
    }
    if (k < into.length) {
      readY(y, yFrom + k, into.length - k, into, k / BLOCK);
      readX(x, xFrom + k, into.length - k, into, k / BLOCK);
    }
    into.sumX = total(partialX);
    into.sumY = total(partialY);
  }

  @Override
  void read(double[] y, int yFrom, Bucket into) {
    if (into.length <= BlockSearch.SMALL) {
      into.sumY = sum(y, yFrom, into.length);
      return;
    }
    Arrays.fill(partialY, 0);
    int k = 0;
    for (; k <= into.length - BLOCK; k += BLOCK) {
      readY(y, yFrom + k, BLOCK, into, k / BLOCK);
    }
    if (k < into.length) {
      readY(y, yFrom + k, into.length - k, into, k / BLOCK);
    }
    into.sumY = total(partialY);
  }

  private double sum(double[] a, int from, int length) {
    DoubleVector sum0 = DoubleVector.zero(LANES);
    DoubleVector sum1 = sum0;
    int k = 0;
    for (; k <= length - STEP; k += STEP) {
      sum0 = sum0.add(DoubleVector.fromArray(LANES, a, from + k));
      sum1 = sum1.add(DoubleVector.fromArray(LANES, a, from + k + HALF));
    }
    if (k <= length - HALF) {
      sum0 = sum0.add(DoubleVector.fromArray(LANES, a, from + k));
    }
    sum0.intoArray(partialY, 0);
    sum1.intoArray(partialY, HALF);
    for (int lane = (length - k) & HALF; lane < length - k; lane++) {
      partialY[lane] += a[from + k + lane];
    }
    return total(partialY);
  }

  private static boolean increase(double[] x, int from, int length) {
    VectorMask<Double> increasing = LANES.maskAll(true);
    int k = 0;
    for (; k <= length - HALF; k += HALF) {
      increasing =
          increasing.and(
              DoubleVector.fromArray(LANES, x, from + k)
                  .compare(GT, DoubleVector.fromArray(LANES, x, from + k - 1)));
    }
    boolean rest = true;
    for (; k < length; k++) {
      rest &= x[from + k] > x[from + k - 1];
    }
    return rest && increasing.allTrue();
  }

  private void readX(double[] x, int from, int length, Bucket into, int block) {
    DoubleVector sum0 = DoubleVector.fromArray(LANES, partialX, 0);
    DoubleVector sum1 = DoubleVector.fromArray(LANES, partialX, HALF);
    VectorMask<Double> increasing = LANES.maskAll(true);
    int k = 0;
    for (; k <= length - STEP; k += STEP) {
      DoubleVector a = DoubleVector.fromArray(LANES, x, from + k);
      DoubleVector b = DoubleVector.fromArray(LANES, x, from + k + HALF);
      sum0 = sum0.add(a);
      sum1 = sum1.add(b);
      increasing =
          increasing
              .and(a.compare(GT, DoubleVector.fromArray(LANES, x, from + k - 1)))
              .and(b.compare(GT, DoubleVector.fromArray(LANES, x, from + k + HALF - 1)));
    }
    sum0.intoArray(partialX, 0);
    sum1.intoArray(partialX, HALF);
    into.increasing &= increasing.allTrue();
    for (int lane = 0; k < length; k++, lane++) {
      partialX[lane] += x[from + k];
      into.increasing &= x[from + k] > x[from + k - 1];
    }
    into.xFirst[block] = x[from];
    into.xLast[block] = x[from + length - 1];
  }

  private void readY(double[] y, int from, int length, Bucket into, int block) {
    DoubleVector sum0 = DoubleVector.fromArray(LANES, partialY, 0);
    DoubleVector sum1 = DoubleVector.fromArray(LANES, partialY, HALF);
    DoubleVector low0 = DoubleVector.broadcast(LANES, y[from]);
    DoubleVector low1 = low0;
    DoubleVector high0 = low0;
    DoubleVector high1 = low0;
    int k = 0;
    for (; k <= length - STEP; k += STEP) {
      DoubleVector a = DoubleVector.fromArray(LANES, y, from + k);
      DoubleVector b = DoubleVector.fromArray(LANES, y, from + k + HALF);
      sum0 = sum0.add(a);
      sum1 = sum1.add(b);
      low0 = low0.blend(a, a.compare(LT, low0));
      low1 = low1.blend(b, b.compare(LT, low1));
      high0 = high0.blend(a, a.compare(GT, high0));
      high1 = high1.blend(b, b.compare(GT, high1));
    }
    sum0.intoArray(partialY, 0);
    sum1.intoArray(partialY, HALF);
    double low = low0.blend(low1, low1.compare(LT, low0)).reduceLanes(MIN);
    double high = high0.blend(high1, high1.compare(GT, high0)).reduceLanes(MAX);
    for (int lane = 0; k < length; k++, lane++) {
      partialY[lane] += y[from + k];
      low = Math.min(low, y[from + k]);
      high = Math.max(high, y[from + k]);
    }
    into.low[block] = low;
    into.high[block] = high;
  }

  @Override
  void argMax(double[] x, int xFrom, double[] y, int yFrom, int length, Triangle t) {
    DoubleVector best0 = DoubleVector.broadcast(LANES, -1.0);
    DoubleVector best1 = best0;
    DoubleVector at0 = DoubleVector.zero(LANES);
    DoubleVector at1 = at0;
    DoubleVector now = at0;
    int k = 0;
    for (; k <= length - STEP; k += STEP) {
      DoubleVector a = areas(x, xFrom + k, y, yFrom + k, t);
      DoubleVector b = areas(x, xFrom + k + HALF, y, yFrom + k + HALF, t);
      VectorMask<Double> larger0 = a.compare(GT, best0);
      VectorMask<Double> larger1 = b.compare(GT, best1);
      best0 = best0.blend(a, larger0);
      best1 = best1.blend(b, larger1);
      at0 = at0.blend(now, larger0);
      at1 = at1.blend(now, larger1);
      now = now.add(STEP);
    }
    if (k <= length - HALF) {
      DoubleVector a = areas(x, xFrom + k, y, yFrom + k, t);
      VectorMask<Double> larger = a.compare(GT, best0);
      best0 = best0.blend(a, larger);
      at0 = at0.blend(now, larger);
      k += HALF;
    }
    area = best0.blend(best1, best1.compare(GT, best0)).reduceLanes(MAX);
    offset = area < 0 ? 0 : first(best0, at0.add(LANE), best1, at1.add(LANE).add(HALF));
    for (; k < length; k++) {
      double rest = t.area(x[xFrom + k], y[yFrom + k]);
      if (rest > area) {
        area = rest;
        offset = k;
      }
    }
  }

  private static DoubleVector areas(double[] x, int xAt, double[] y, int yAt, Triangle t) {
    return DoubleVector.fromArray(LANES, y, yAt)
        .sub(t.py)
        .mul(t.d1)
        .add(DoubleVector.fromArray(LANES, x, xAt).sub(t.px).mul(t.d2))
        .abs();
  }

  /** The smallest offset of a lane that holds the largest area. */
  private int first(DoubleVector best0, DoubleVector at0, DoubleVector best1, DoubleVector at1) {
    DoubleVector first0 = BEYOND.blend(at0, best0.compare(EQ, area));
    DoubleVector first1 = BEYOND.blend(at1, best1.compare(EQ, area));
    return (int) first0.blend(first1, first1.compare(LT, first0)).reduceLanes(MIN);
  }

  @Override
  void minMax(double[] y, int from, int length) {
    DoubleVector start = DoubleVector.broadcast(LANES, y[from]);
    DoubleVector low0 = start;
    DoubleVector low1 = start;
    DoubleVector high0 = start;
    DoubleVector high1 = start;
    DoubleVector nothing = DoubleVector.zero(LANES);
    int whole = length - length % STEP;
    for (int k = from; k < from + whole; k += STEP) {
      DoubleVector a = DoubleVector.fromArray(LANES, y, k);
      DoubleVector b = DoubleVector.fromArray(LANES, y, k + HALF);
      low0 = low0.blend(a, a.compare(LT, low0));
      low1 = low1.blend(b, b.compare(LT, low1));
      high0 = high0.blend(a, a.compare(GT, high0));
      high1 = high1.blend(b, b.compare(GT, high1));
      nothing = nothing.add(a.sub(a)).add(b.sub(b));
    }
    double low = low0.min(low1).reduceLanes(MIN);
    double high = high0.max(high1).reduceLanes(MAX);
    finite = nothing.compare(EQ, 0.0).allTrue();
    for (int k = from + whole; k < from + length; k++) {
      finite &= Double.isFinite(y[k]);
      low = Math.min(low, y[k]);
      high = Math.max(high, y[k]);
    }
    lowest = finite ? indexOf(y, from, length, low) : 0;
    highest = finite ? indexOf(y, from, length, high) : 0;
  }

  /** The first value that equals the one searched for, which must be there. */
  private static int indexOf(double[] y, int from, int length, double value) {
    int k = from;
    int end = from + length - HALF;
    while (k <= end && !DoubleVector.fromArray(LANES, y, k).compare(EQ, value).anyTrue()) {
      k += HALF;
    }
    while (y[k] != value) {
      k++;
    }
    return k - from;
  }
}
