package io.platformkit.ml.batching;

/**
 * Batches as large as it pays, by their throughput beside the best one's among sizes whose run
 * takes no longer than it may, or than two runs of the smallest. The most rows are the smallest
 * size within 3 % of it; a lane does not wait for more from 5 % on, and a quarter less is still
 * worth a lane. Now and then the next larger size is tried, for times change.
 */
final class AdaptiveSizing implements Sizing {
  private static final double BEST = 0.97;
  private static final double NO_WAIT = 0.95;
  private static final double WORTHWHILE = 0.75;
  private static final int TRY_EACH = 64;

  private final Sizes sizes;
  private final RunTimes times;
  private final double longest; // nanoseconds
  private int most;
  private int worthwhile = 1;
  private int worthNoWait = 1;
  private int batches;

  AdaptiveSizing(Sizes sizes, RunTimes times, double longest) {
    this.sizes = sizes;
    this.times = times;
    this.longest = longest;
    this.most = sizes.count() - 1;
  }

  @Override
  public int most() {
    boolean larger = batches % TRY_EACH == 0 && most + 1 < sizes.count();
    return sizes.get(larger ? most + 1 : most);
  }

  @Override
  public int worthwhile() {
    return worthwhile;
  }

  @Override
  public int worthNoWait() {
    return worthNoWait;
  }

  @Override
  public void ran() {
    batches++;
    if (times.areKnown()) {
      double best = best();
      most = smallest(best * BEST);
      worthwhile = sizes.get(smallest(best * WORTHWHILE));
      worthNoWait = sizes.get(smallest(best * NO_WAIT));
    }
  }

  private double best() {
    double limit = Math.max(longest, 2 * times.nanos(0));
    double best = 0;
    for (int i = 0; i < sizes.count() && times.nanos(i) <= limit; i++) {
      best = Math.max(best, throughput(i));
    }
    return best;
  }

  private int smallest(double throughput) {
    int index = 0;
    while (throughput(index) < throughput) {
      index++;
    }
    return index;
  }

  private double throughput(int index) {
    return sizes.get(index) / times.nanos(index);
  }
}
