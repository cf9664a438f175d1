package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.TimeSeries;

/** A series in memory that forgets its oldest points and is asked for any range at any size. */
public final class BoundedSeries {
  private BoundedSeries() {}

  /** Appends a million points and zooms in. */
  public static void main(String[] args) {
    // @start region="series"
    var series = new TimeSeries(60_000, 500_000); // takes points up to a minute late, keeps 500,000
    for (int i = 0; i < 1_000_000; i++) {
      series.append(i * 1000L, Math.sin(i / 10_000.0));
    }
    System.out.println(series.append(0, 1)); // far too late: not written

    TimeSeries.Range all = series.downsample(0, Long.MAX_VALUE, 800);
    TimeSeries.Range zoomed = series.downsample(600_000_000, 610_000_000, 800);
    System.out.println(series.size() + " points, the oldest of " + all.timeAt(0));
    System.out.println(all.size() + " shown of all, " + zoomed.size() + " of 10,000");
    // @end
  }
}
