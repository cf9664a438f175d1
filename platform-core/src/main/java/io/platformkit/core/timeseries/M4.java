package io.platformkit.core.timeseries;

import org.jspecify.annotations.Nullable;

/**
 * The first, last, smallest and largest point of every pixel column: a line chart of the selected
 * points has the same pixels as one of all points. Safe for concurrent use.
 *
 * <p>The range of x is cut into {@code nOut / 4} columns of one width; column {@code c} begins at
 * {@code x₀ + c · width}, and the last one includes its end. Of each column the first and the last
 * point and the first smallest and first largest y are selected, so at most {@code nOut} points,
 * fewer where a column holds fewer than four or none.
 *
 * <p>Gaps and bad arguments are answered as by {@link Lttb}; where there are gaps, the columns of
 * each run are its own, so that pixels are exact for points without gaps alone.
 *
 * @see <a href="https://www.vldb.org/pvldb/vol7/p797-jugel.pdf">U. Jugel et al., M4: A
 *     Visualization-Oriented Time Series Data Aggregation, 2014</a>
 */
public final class M4 extends Downsampler {
  private static final int PER_COLUMN = 4;
  private static final M4 INSTANCE = new M4();

  private M4() {}

  /**
   * The indices of at most {@code nOut} points, ascending.
   *
   * @param nOut at least 4; four for each pixel column
   * @throws IllegalArgumentException as {@link Lttb#indices}
   */
  public static int[] indices(Points points, int nOut) {
    return INSTANCE.select(points, nOut);
  }

  /** A copy of the points at {@link #indices}. */
  public static Points points(Points points, int nOut) {
    return points.at(indices(points, nOut));
  }

  @Override
  int fewest() {
    return PER_COLUMN;
  }

  @Override
  int @Nullable [] selectFinite(Source source, int from, int to, int nOut) {
    source.requireX(from, to);
    int columns = nOut / PER_COLUMN;
    double first = source.x().get(from);
    double last = source.x().get(to - 1);
    Extremes extremes = new Extremes(source.y(), columns * PER_COLUMN);
    int start = from;
    for (int column = 1; column <= columns; column++) {
      double edge = first + (last - first) * ((double) column / columns);
      int end = column == columns ? to : firstFrom(source.x(), edge, start, to);
      if (end > start && !addColumn(extremes, start, end)) {
        return null;
      }
      start = end;
    }
    return extremes.indices();
  }

  private static boolean addColumn(Extremes extremes, int start, int end) {
    return extremes.addOne(start) && extremes.addOne(end - 1) && extremes.add(start, end);
  }

  /** The first index whose x is not below the edge. */
  private static int firstFrom(Column x, double edge, int from, int to) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (x.get(middle) < edge) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
