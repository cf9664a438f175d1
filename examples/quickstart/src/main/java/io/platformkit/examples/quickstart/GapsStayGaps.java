package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.Lttb;
import io.platformkit.core.timeseries.Points;
import java.util.Arrays;

/** A stretch without values is one mark in the answer, never a line across it. */
public final class GapsStayGaps {
  private GapsStayGaps() {}

  /** Picks 10 of 1,000 points, 200 of which are not there. */
  public static void main(String[] args) {
    // @start region="gaps"
    double[] values = new double[1000];
    Arrays.setAll(values, i -> Math.sin(i / 50.0));
    Arrays.fill(values, 400, 600, Double.NaN);

    int[] picked = Lttb.indices(Points.of(values), 10);
    System.out.println(Arrays.toString(picked)); // 400 marks the gap, 399 and 600 are its shores
    // @end
  }
}
