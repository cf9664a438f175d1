package io.platformkit.core.timeseries;

import org.jspecify.annotations.Nullable;

/** Points whose coordinates are columns of one length. */
final class ColumnPoints implements Points {
  private final Column x;
  private final Column y;
  private final boolean xMayRepeat;

  ColumnPoints(@Nullable Column x, Column y, boolean xMayRepeat) {
    if (x != null && x.size() != y.size()) {
      throw new IllegalArgumentException(
          "x had %d values but it must have as many as y, %d".formatted(x.size(), y.size()));
    }
    this.x = x == null ? new Column.Ramp(y.size()) : x;
    this.y = y;
    this.xMayRepeat = xMayRepeat;
  }

  Column x() {
    return x;
  }

  Column y() {
    return y;
  }

  @Override
  public int size() {
    return y.size();
  }

  @Override
  public double x(int i) {
    return x.get(i);
  }

  @Override
  public double y(int i) {
    return y.get(i);
  }

  @Override
  public boolean xMayRepeat() {
    return xMayRepeat;
  }
}
