package io.platformkit.ml.batching;

/**
 * How long runs take by their number of rows: as measured, and where nothing was, by the straight
 * line of least squares through what was. Guarded by the dispatcher's lock.
 *
 * <p>A time that is shorter than expected counts more than a longer one: what a run takes is of
 * interest, and not what else the machine was doing.
 */
final class RunTimes {
  private static final double FASTER = 0.25;
  private static final double SLOWER = 0.03;

  private final Sizes sizes;
  private final double[] measured; // nanoseconds; 0: not yet
  private int known;
  private double fixed;
  private double perRow;

  RunTimes(Sizes sizes) {
    this.sizes = sizes;
    this.measured = new double[sizes.count()];
  }

  void ran(int index, long nanos) {
    double took = Math.max(1, nanos);
    double before = measured[index];
    if (before == 0) {
      known++;
      measured[index] = took;
    } else {
      measured[index] += (took - before) * (took < before ? FASTER : SLOWER);
    }
    regress();
  }

  private void regress() {
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < measured.length; i++) {
      if (measured[i] > 0) {
        double rows = sizes.get(i);
        n++;
        x += rows;
        y += measured[i];
        xx += rows * rows;
        xy += rows * measured[i];
      }
    }
    double spread = n * xx - x * x;
    perRow = spread > 0 ? Math.max(0, (n * xy - x * y) / spread) : 0;
    fixed = Math.max(0, (y - perRow * x) / n);
  }

  /** Whether there is enough to say what other sizes take. */
  boolean areKnown() {
    return known >= 2;
  }

  /** Whether a run is known to take no longer. */
  boolean isQuick(int index, double longest) {
    return (areKnown() || measured[index] > 0) && nanos(index) <= longest;
  }

  /** What a run takes, in nanoseconds; at least 1. */
  double nanos(int index) {
    return measured[index] > 0 ? measured[index] : Math.max(1, fixed + perRow * sizes.get(index));
  }
}
