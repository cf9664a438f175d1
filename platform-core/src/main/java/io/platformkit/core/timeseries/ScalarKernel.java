package io.platformkit.core.timeseries;

/** Loops that the JIT compiler turns into SIMD by itself, on every JVM. */
final class ScalarKernel extends Kernel {
  private static final int LANES = 8;

  private final double[] partial = new double[LANES];
  private boolean increasing;

  @Override
  boolean bounds() {
    return false;
  }

  @Override
  void read(double[] x, int xFrom, double[] y, int yFrom, Bucket into) {
    read(y, yFrom, into);
    into.sumX = sumX(x, xFrom, into.length);
    into.increasing = increasing;
  }

  @Override
  void read(double[] y, int yFrom, Bucket into) {
    into.sumY = sum(y, yFrom, into.length);
  }

  private double sum(double[] a, int from, int length) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int k = 0;
    for (; k <= length - LANES; k += LANES) {
      int i = from + k;
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
      s4 += a[i + 4];
      s5 += a[i + 5];
      s6 += a[i + 6];
      s7 += a[i + 7];
    }
    keep(s0, s1, s2, s3, s4, s5, s6, s7);
    for (int lane = 0; k < length; k++, lane++) {
      partial[lane] += a[from + k];
    }
    return total(partial);
  }

  /** Sums, and sees whether each x is larger than the one before it, in one pass. */
  private double sumX(double[] x, int from, int length) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    double before = x[from - 1];
    increasing = true;
    int k = 0;
    for (; k <= length - LANES; k += LANES) {
      int i = from + k;
      double x0 = x[i];
      double x1 = x[i + 1];
      double x2 = x[i + 2];
      double x3 = x[i + 3];
      double x4 = x[i + 4];
      double x5 = x[i + 5];
      double x6 = x[i + 6];
      double x7 = x[i + 7];
      if (!(x0 > before && x1 > x0 && x2 > x1 && x3 > x2)
          || !(x4 > x3 && x5 > x4 && x6 > x5 && x7 > x6)) {
        increasing = false;
      }
      before = x7;
      s0 += x0;
      s1 += x1;
      s2 += x2;
      s3 += x3;
      s4 += x4;
      s5 += x5;
      s6 += x6;
      s7 += x7;
    }
    keep(s0, s1, s2, s3, s4, s5, s6, s7);
    for (int lane = 0; k < length; k++, lane++) {
      partial[lane] += x[from + k];
      increasing &= x[from + k] > x[from + k - 1];
    }
    return total(partial);
  }

  private void keep(
      double s0, double s1, double s2, double s3, double s4, double s5, double s6, double s7) {
    partial[0] = s0;
    partial[1] = s1;
    partial[2] = s2;
    partial[3] = s3;
    partial[4] = s4;
    partial[5] = s5;
    partial[6] = s6;
    partial[7] = s7;
  }

  /** The largest area first, which needs no index and so runs in SIMD, then where it is. */
  @Override
  void argMax(double[] x, int xFrom, double[] y, int yFrom, int length, Triangle t) {
    area = -1;
    offset = 0;
    if (length < BLOCK) {
      argMaxOneByOne(x, xFrom, y, yFrom, length, t);
      return;
    }
    int bestBlock = 0;
    for (int k = 0; k < length; k += BLOCK) {
      double max = largestArea(x, xFrom + k, y, yFrom + k, Math.min(BLOCK, length - k), t);
      if (max > area) {
        area = max;
        bestBlock = k;
      }
    }
    for (int k = bestBlock; k < length; k++) {
      if (t.area(x[xFrom + k], y[yFrom + k]) == area) {
        offset = k;
        return;
      }
    }
  }

  /** What SIMD does not pay for. */
  private void argMaxOneByOne(
      double[] x, int xFrom, double[] y, int yFrom, int length, Triangle t) {
    for (int k = 0; k < length; k++) {
      double candidate = t.area(x[xFrom + k], y[yFrom + k]);
      if (candidate > area) {
        area = candidate;
        offset = k;
      }
    }
  }

  private static double largestArea(
      double[] x, int xFrom, double[] y, int yFrom, int length, Triangle t) {
    double d1 = t.d1;
    double d2 = t.d2;
    double px = t.px;
    double py = t.py;
    double max = -1;
    for (int k = 0; k < length; k++) {
      max = Math.max(max, Math.abs(d1 * (y[yFrom + k] - py) + d2 * (x[xFrom + k] - px)));
    }
    return !Double.isNaN(max) ? max : largestComparable(x, xFrom, y, yFrom, length, t);
  }

  /** Where some areas are NaN, after an overflow. */
  private static double largestComparable(
      double[] x, int xFrom, double[] y, int yFrom, int length, Triangle t) {
    double max = -1;
    for (int k = 0; k < length; k++) {
      double area = t.area(x[xFrom + k], y[yFrom + k]);
      max = area > max ? area : max;
    }
    return max;
  }

  @Override
  void minMax(double[] y, int from, int length) {
    double low = y[from];
    double high = low;
    for (int k = from; k < from + length; k++) {
      low = Math.min(low, y[k]);
      high = Math.max(high, y[k]);
    }
    finite = Double.isFinite(low) && Double.isFinite(high);
    lowest = finite ? indexOf(y, from, low) : 0;
    highest = finite ? indexOf(y, from, high) : 0;
  }

  /** The first value that equals the one searched for, which must be there. */
  private static int indexOf(double[] y, int from, double value) {
    int k = from;
    while (y[k] != value) {
      k++;
    }
    return k - from;
  }
}
