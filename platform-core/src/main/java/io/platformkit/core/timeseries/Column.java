package io.platformkit.core.timeseries;

/** One coordinate of points, read as doubles. */
abstract class Column {
  /** How many values there are. */
  abstract int size();

  /** Value {@code i}. */
  abstract double get(int i);

  /** Copies {@code [from, from + length)} to the beginning of {@code into}. */
  void copy(int from, int length, double[] into) {
    for (int i = 0; i < length; i++) {
      into[i] = get(from + i);
    }
  }

  /** A copy of the values at these indices. */
  Column at(int[] indices) {
    double[] selected = new double[indices.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = get(indices[i]);
    }
    return new Doubles(selected);
  }

  static Column of(double[] values) {
    return new Doubles(values);
  }

  static Column of(float[] values) {
    return new Floats(values);
  }

  static Column of(long[] values) {
    return new Longs(values);
  }

  static Column xOf(Points points) {
    return points instanceof ColumnPoints columns ? columns.x() : new View(points, true);
  }

  static Column yOf(Points points) {
    return points instanceof ColumnPoints columns ? columns.y() : new View(points, false);
  }

  static final class Doubles extends Column {
    final double[] values;

    Doubles(double[] values) {
      this.values = values;
    }

    /** Whether {@code [from, to)} and the value before are finite and each is larger. */
    boolean increase(int from, int to) {
      int first = Math.max(0, from - 1);
      for (int i = first + 1; i < to; i++) {
        if (!(values[i] > values[i - 1])) {
          return false;
        }
      }
      return first < to && Double.isFinite(values[first]) && Double.isFinite(values[to - 1]);
    }

    @Override
    int size() {
      return values.length;
    }

    @Override
    double get(int i) {
      return values[i];
    }

    @Override
    void copy(int from, int length, double[] into) {
      System.arraycopy(values, from, into, 0, length);
    }
  }

  private static final class Floats extends Column {
    private final float[] values;

    Floats(float[] values) {
      this.values = values;
    }

    @Override
    int size() {
      return values.length;
    }

    @Override
    double get(int i) {
      return values[i];
    }

    @Override
    void copy(int from, int length, double[] into) {
      for (int i = 0; i < length; i++) {
        into[i] = values[from + i];
      }
    }

    @Override
    Column at(int[] indices) {
      float[] selected = new float[indices.length];
      for (int i = 0; i < selected.length; i++) {
        selected[i] = values[indices[i]];
      }
      return new Floats(selected);
    }
  }

  private static final class Longs extends Column {
    private final long[] values;

    Longs(long[] values) {
      this.values = values;
    }

    @Override
    int size() {
      return values.length;
    }

    @Override
    double get(int i) {
      return values[i];
    }

    @Override
    void copy(int from, int length, double[] into) {
      for (int i = 0; i < length; i++) {
        into[i] = values[from + i];
      }
    }

    @Override
    Column at(int[] indices) {
      long[] selected = new long[indices.length];
      for (int i = 0; i < selected.length; i++) {
        selected[i] = values[indices[i]];
      }
      return new Longs(selected);
    }
  }

  /** The x of equidistant points. */
  static final class Ramp extends Column {
    private final int size;

    Ramp(int size) {
      this.size = size;
    }

    @Override
    int size() {
      return size;
    }

    @Override
    double get(int i) {
      return i;
    }
  }

  private static final class View extends Column {
    private final Points points;
    private final boolean isX;

    View(Points points, boolean isX) {
      this.points = points;
      this.isX = isX;
    }

    @Override
    int size() {
      return points.size();
    }

    @Override
    double get(int i) {
      return isX ? points.x(i) : points.y(i);
    }
  }
}
