package io.platformkit.examples.quickstart;

import io.platformkit.core.timeseries.Points;
import io.platformkit.core.timeseries.StreamingLttb;

/** A chart that grows: what was shown once stays as it was. */
public final class LiveChart {
  private LiveChart() {}

  /** Appends 10,000 points, of which every fifty become one. */
  public static void main(String[] args) {
    // @start region="live"
    var stream = new StreamingLttb(50, 1000); // 50 points become one; 1,000 settled ones are kept
    for (int i = 0; i < 10_000; i++) {
      stream.append(i, Math.sin(i / 300.0));
    }
    Points shown = stream.snapshot();
    System.out.println(shown.size() + " shown, " + stream.settled() + " of them settled");
    System.out.println("the last one is at " + shown.x(shown.size() - 1));
    // @end
  }
}
