package io.platformkit.core.timeseries;

/**
 * The inner loops of downsampling over plain arrays, in the order of arithmetic that {@link Lttb}
 * documents. For one thread and one call: results are left in fields.
 */
abstract class Kernel {
  /** Points of one block of a {@link Bucket}. */
  static final int BLOCK = 128;

  /** The largest triangle's doubled area that {@link #argMax} found; -1 if none is comparable. */
  double area;

  /** Where, relative to the first point given; 0 if none is comparable. */
  int offset;

  /** Offsets of the first smallest and first largest value that {@link #minMax} found. */
  int lowest;

  int highest;

  /** False if {@link #minMax} met a value that is not finite. */
  boolean finite;

  /** The fastest kernel that this JVM can run. */
  static Kernel fastest() {
    return KernelChoice.fastest();
  }

  /** Whether reading a bucket leaves the bounds of its blocks, as it costs nothing here. */
  abstract boolean bounds();

  /**
   * Sums a bucket and, where {@link #bounds()}, bounds its blocks.
   *
   * @param x has the point before the bucket at {@code xFrom - 1}
   */
  abstract void read(double[] x, int xFrom, double[] y, int yFrom, Bucket into);

  /** As {@link #read(double[], int, double[], int, Bucket)} for equidistant x. */
  abstract void read(double[] y, int yFrom, Bucket into);

  /**
   * Finds the first point with the largest {@code |d1·(y − py) + d2·(x − px)|}, areas that are NaN
   * left aside.
   */
  abstract void argMax(double[] x, int xFrom, double[] y, int yFrom, int length, Triangle triangle);

  /** Finds the first smallest and the first largest value. */
  abstract void minMax(double[] y, int from, int length);

  /** The eight partial sums of a bucket as one, always in this order. */
  static double total(double[] partial) {
    return ((partial[0] + partial[1]) + (partial[2] + partial[3]))
        + ((partial[4] + partial[5]) + (partial[6] + partial[7]));
  }

  /** Two fixed corners of a triangle, as the coefficients of the third one's area. */
  static final class Triangle {
    double d1;
    double d2;
    double px;
    double py;

    /** Corners: the point picked before, and the mean of the following bucket. */
    void between(double px, double py, double meanX, double meanY) {
      this.px = px;
      this.py = py;
      d1 = px - meanX;
      d2 = meanY - py;
    }

    /** The doubled area with {@code (x, y)} as third corner. */
    double area(double x, double y) {
      return Math.abs(d1 * (y - py) + d2 * (x - px));
    }

    /** Bounds the area over one box, as {@link #bounds}. */
    double bound(double xFirst, double xLast, double low, double high) {
      double up = d1 * ((d1 < 0 ? low : high) - py) + d2 * ((d2 < 0 ? xFirst : xLast) - px);
      double down = d1 * ((d1 < 0 ? high : low) - py) + d2 * ((d2 < 0 ? xLast : xFirst) - px);
      return Math.max(up, -down);
    }

    /**
     * Bounds the area over each block's box. The area is monotone in x and in y, also as computed,
     * so that it is between its values at two corners: exactly, not up to rounding. A bound that is
     * NaN bounds nothing.
     */
    void bounds(Bucket bucket, double[] bounds) {
      double[] yUp = d1 < 0 ? bucket.low : bucket.high;
      double[] yDown = d1 < 0 ? bucket.high : bucket.low;
      double[] xUp = d2 < 0 ? bucket.xFirst : bucket.xLast;
      double[] xDown = d2 < 0 ? bucket.xLast : bucket.xFirst;
      for (int b = 0; b < bucket.blocks(); b++) {
        double up = d1 * (yUp[b] - py) + d2 * (xUp[b] - px);
        double down = d1 * (yDown[b] - py) + d2 * (xDown[b] - px);
        bounds[b] = Math.max(up, -down);
      }
    }
  }

  /** What one pass over a bucket leaves behind. */
  static final class Bucket {
    int length;
    double sumX;
    double sumY;

    /** False if an x is not larger than the one before it. */
    boolean increasing;

    /** For each block: first x, last x, smallest y, largest y; for equidistant x the y alone. */
    double[] xFirst = new double[0];

    double[] xLast = new double[0];
    double[] low = new double[0];
    double[] high = new double[0];

    int blocks() {
      return (length + BLOCK - 1) / BLOCK;
    }

    void length(int length) {
      this.length = length;
      if (low.length < blocks()) {
        int room = blocks() + 1;
        xFirst = new double[room];
        xLast = new double[room];
        low = new double[room];
        high = new double[room];
      }
    }
  }
}
