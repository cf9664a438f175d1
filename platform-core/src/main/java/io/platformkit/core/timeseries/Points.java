package io.platformkit.core.timeseries;

/**
 * A view of points to downsample, over whatever storage holds them. Reading must be free of side
 * effects; the points must not change while they are read.
 *
 * <p>The factories wrap arrays without a copy and are read at full speed; any other storage
 * implements the interface. Every value takes part as a {@code double}: a {@code long} beyond 2⁵³
 * loses its last digits in the comparison, not in what the index points at.
 */
public interface Points {
  /** How many points there are. */
  int size();

  /** The x of point {@code i}: finite, increasing with {@code i}. */
  double x(int i);

  /** The y of point {@code i}; NaN and infinite values are gaps. */
  double y(int i);

  /**
   * Whether neighbours may have the same x. Where not, which is the default, an x that does not
   * increase is refused; where yes, only one that decreases.
   */
  default boolean xMayRepeat() {
    return false;
  }

  /** The same points, of which neighbours may have the same x. */
  default Points allowingEqualX() {
    return new ColumnPoints(Column.xOf(this), Column.yOf(this), true);
  }

  /** A copy of the points at these indices, in this order. */
  default Points at(int[] indices) {
    return new ColumnPoints(
        Column.xOf(this).at(indices), Column.yOf(this).at(indices), xMayRepeat());
  }

  /** Equidistant points: x is the index. */
  static Points of(double[] y) {
    return new ColumnPoints(null, Column.of(y), false);
  }

  /** Equidistant points: x is the index. */
  static Points of(float[] y) {
    return new ColumnPoints(null, Column.of(y), false);
  }

  /** Equidistant points: x is the index. */
  static Points of(long[] y) {
    return new ColumnPoints(null, Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(double[] x, double[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(double[] x, float[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(double[] x, long[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(float[] x, double[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(float[] x, float[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length. */
  static Points of(float[] x, long[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length; x is a time, say. */
  static Points of(long[] x, double[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length; x is a time, say. */
  static Points of(long[] x, float[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }

  /** Points of two arrays of one length; x is a time, say. */
  static Points of(long[] x, long[] y) {
    return new ColumnPoints(Column.of(x), Column.of(y), false);
  }
}
