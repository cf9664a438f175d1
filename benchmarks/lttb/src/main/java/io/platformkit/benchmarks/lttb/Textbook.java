package io.platformkit.benchmarks.lttb;

import java.util.List;

/**
 * LTTB as S. Steinarsson's program writes it, and as the Java libraries have it: the peer.
 *
 * @see <a href="https://skemman.is/handle/1946/15343">Downsampling Time Series for Visual
 *     Representation, 2013</a>
 */
final class Textbook {
  private Textbook() {}

  static int[] select(double[] x, double[] y, int nOut) {
    int n = y.length;
    int[] selected = new int[nOut];
    double every = (double) (n - 2) / (nOut - 2);
    int a = 0;
    for (int i = 0; i < nOut - 2; i++) {
      int from = (int) Math.floor(i * every) + 1;
      int to = (int) Math.floor((i + 1) * every) + 1;
      int nextTo = Math.min((int) Math.floor((i + 2) * every) + 1, n);
      double meanX = 0;
      double meanY = 0;
      for (int j = to; j < nextTo; j++) {
        meanX += x[j];
        meanY += y[j];
      }
      meanX /= nextTo - to;
      meanY /= nextTo - to;
      double ax = x[a];
      double ay = y[a];
      double best = -1;
      for (int j = from; j < to; j++) {
        double area = Math.abs((ax - meanX) * (y[j] - ay) - (ax - x[j]) * (meanY - ay)) * 0.5;
        if (area > best) {
          best = area;
          a = j;
        }
      }
      selected[i + 1] = a;
    }
    selected[nOut - 1] = n - 1;
    return selected;
  }

  static int[] select(double[] y, int nOut) {
    int n = y.length;
    int[] selected = new int[nOut];
    double every = (double) (n - 2) / (nOut - 2);
    int a = 0;
    for (int i = 0; i < nOut - 2; i++) {
      int from = (int) Math.floor(i * every) + 1;
      int to = (int) Math.floor((i + 1) * every) + 1;
      int nextTo = Math.min((int) Math.floor((i + 2) * every) + 1, n);
      double meanX = 0;
      double meanY = 0;
      for (int j = to; j < nextTo; j++) {
        meanX += j;
        meanY += y[j];
      }
      meanX /= nextTo - to;
      meanY /= nextTo - to;
      double ax = a;
      double ay = y[a];
      double best = -1;
      for (int j = from; j < to; j++) {
        double area = Math.abs((ax - meanX) * (y[j] - ay) - (ax - j) * (meanY - ay)) * 0.5;
        if (area > best) {
          best = area;
          a = j;
        }
      }
      selected[i + 1] = a;
    }
    selected[nOut - 1] = n - 1;
    return selected;
  }

  /** A point as an object, which generic libraries ask for. */
  interface Point {
    double x();

    double y();
  }

  record DoublePoint(double x, double y) implements Point {}

  static Point[] select(List<? extends Point> points, int nOut) {
    int n = points.size();
    Point[] selected = new Point[nOut];
    double every = (double) (n - 2) / (nOut - 2);
    Point a = points.getFirst();
    selected[0] = a;
    for (int i = 0; i < nOut - 2; i++) {
      int from = (int) Math.floor(i * every) + 1;
      int to = (int) Math.floor((i + 1) * every) + 1;
      int nextTo = Math.min((int) Math.floor((i + 2) * every) + 1, n);
      double meanX = points.subList(to, nextTo).stream().mapToDouble(Point::x).sum();
      double meanY = points.subList(to, nextTo).stream().mapToDouble(Point::y).sum();
      Point mean = new DoublePoint(meanX / (nextTo - to), meanY / (nextTo - to));
      double best = -1;
      Point pick = points.get(from);
      for (Point candidate : points.subList(from, to)) {
        double area = area(a, candidate, mean);
        if (area > best) {
          best = area;
          pick = candidate;
        }
      }
      a = pick;
      selected[i + 1] = a;
    }
    selected[nOut - 1] = points.getLast();
    return selected;
  }

  private static double area(Point a, Point b, Point c) {
    return Math.abs((a.x() - c.x()) * (b.y() - a.y()) - (a.x() - b.x()) * (c.y() - a.y())) * 0.5;
  }
}
