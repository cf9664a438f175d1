package io.platformkit.core.timeseries;

/**
 * LTTB as its paper describes it and {@link Lttb} documents it, one point after the other, with the
 * sums of {@link TimeSeries}; knows no gaps.
 */
final class BlockwiseLttb {
  private static final int BLOCK = 256;

  private final double[] x;
  private final double[] y;
  private final int phase;

  /**
   * Points without gaps.
   *
   * @param phase where in its block the first point is
   */
  BlockwiseLttb(double[] x, double[] y, int phase) {
    this.x = x;
    this.y = y;
    this.phase = phase;
  }

  /** The indices of {@code nOut} points, of which there are more. */
  int[] select(int nOut) {
    int n = x.length;
    int[] selected = new int[nOut];
    selected[nOut - 1] = n - 1;
    double every = (double) (n - 2) / (nOut - 2);
    for (int bucket = 0; bucket < nOut - 2; bucket++) {
      int start = edge(every, bucket);
      int next = edge(every, bucket + 1);
      int after = edge(every, bucket + 2);
      int before = selected[bucket];
      double meanX = sum(x, next, after) / (after - next);
      double meanY = sum(y, next, after) / (after - next);
      double largest = -1;
      selected[bucket + 1] = start;
      for (int i = start; i < next; i++) {
        double area =
            Math.abs(
                (x[before] - meanX) * (y[i] - y[before])
                    + (meanY - y[before]) * (x[i] - x[before]));
        if (area > largest) {
          largest = area;
          selected[bucket + 1] = i;
        }
      }
    }
    return selected;
  }

  private int edge(double every, int bucket) {
    return Math.min((int) Math.floor(every * bucket) + 1, x.length);
  }

  private double sum(double[] a, int from, int to) {
    double sum = 0;
    int i = from;
    for (; i < to && (phase + i) % BLOCK != 0; i++) {
      sum += a[i];
    }
    for (; i + BLOCK <= to; i += BLOCK) {
      double ofBlock = 0;
      for (int k = i; k < i + BLOCK; k++) {
        ofBlock += a[k];
      }
      sum += ofBlock;
    }
    for (; i < to; i++) {
      sum += a[i];
    }
    return sum;
  }
}
