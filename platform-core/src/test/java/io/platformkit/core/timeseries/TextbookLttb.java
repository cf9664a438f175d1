package io.platformkit.core.timeseries;

/** LTTB as the textbook writes it, with the sums of the means in {@link Lttb}'s order. */
final class TextbookLttb {
  private TextbookLttb() {}

  static int[] select(double[] x, double[] y, int nOut) {
    int n = y.length;
    int[] selected = new int[nOut];
    double every = (double) (n - 2) / (nOut - 2);
    int a = 0;
    for (int i = 0; i < nOut - 2; i++) {
      int from = (int) Math.floor(i * every) + 1;
      int to = (int) Math.floor((i + 1) * every) + 1;
      int nextTo = Math.min((int) Math.floor((i + 2) * every) + 1, n);
      double meanX = mean(x, to, nextTo);
      double meanY = mean(y, to, nextTo);
      a = pick(x, y, from, to, a, meanX, meanY);
      selected[i + 1] = a;
    }
    selected[nOut - 1] = n - 1;
    return selected;
  }

  private static int pick(
      double[] x, double[] y, int from, int to, int a, double meanX, double meanY) {
    double best = -1;
    int pick = from;
    for (int j = from; j < to; j++) {
      double area = Math.abs((x[a] - meanX) * (y[j] - y[a]) - (x[a] - x[j]) * (meanY - y[a]));
      if (area > best) {
        best = area;
        pick = j;
      }
    }
    return pick;
  }

  private static double mean(double[] values, int from, int to) {
    double[] s = new double[8];
    for (int j = 0; j < to - from; j++) {
      s[j % 8] += values[from + j];
    }
    return (((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))) / (to - from);
  }
}
