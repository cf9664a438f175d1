package io.platformkit.ml.batching;

/**
 * How long runs take by their number of rows: as measured, if that was often, and otherwise by the
 * straight line of least squares through all that was measured. Guarded by the dispatcher's lock.
 *
 * <p>A time that is shorter than expected counts more than a longer one: what a run takes is of
 * interest, and not what else the machine was doing.
 */
final class RunTimes {
  private static final double FASTER = 0.25;
  private static final double SLOWER = 0.03;
  private static final int OFTEN = 8;
  private static final int WEIGHTIEST = 64;

  private final Sizes sizes;
  private final double[] measured; // nanoseconds
  private final int[] times; // how often, up to the weightiest
  private int known;
  private double fixed;
  private double perRow;

  RunTimes(Sizes sizes) {
    this.sizes = sizes;
    this.measured = new double[sizes.count()];
    this.times = new int[sizes.count()];
  }

  void ran(int index, long nanos) {
    double took = Math.max(1, nanos);
    if (times[index] == 0) {
      known++;
      measured[index] = took;
    } else {
      measured[index] += (took - measured[index]) * (took < measured[index] ? FASTER : SLOWER);
    }
    times[index] = Math.min(WEIGHTIEST, times[index] + 1);
    regress();
  }

  private void regress() {
    double n = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < measured.length; i++) {
      double weight = (double) times[i] * times[i]; // rare ones, often cold, must not tilt it
      double rows = sizes.get(i);
      n += weight;
      x += weight * rows;
      y += weight * measured[i];
      xx += weight * rows * rows;
      xy += weight * rows * measured[i];
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
    return (areKnown() || times[index] > 0) && nanos(index) <= longest;
  }

  /** What a run takes, in nanoseconds; at least 1. */
  double nanos(int index) {
    return times[index] >= OFTEN ? measured[index] : Math.max(1, fixed + perRow * sizes.get(index));
  }
}
