package io.platformkit.ml.batching;

/**
 * What batches took so far, and what follows: how large they are, and whether callers compute
 * alone. Guarded by the dispatcher's lock.
 */
final class Pace {
  /** A run that takes longer is not made on the thread of a caller. */
  private static final double QUICK = 1e6; // nanoseconds

  /** From how many requests a batch on, on average, callers do not compute themselves. */
  private static final double CROWD = 2;

  /** Each so manyth request is left to a lane, to see how many come. */
  private static final int SAMPLED = 256;

  private final Sizes sizes;
  private final RunTimes times;
  private final Sizing sizing;
  private double crowd = 1; // requests of a batch, of late
  private int borrowed;

  Pace(BatcherBuilder options) {
    this.sizes = options.sizes();
    this.times = new RunTimes(sizes);
    this.sizing =
        options.adaptive
            ? new AdaptiveSizing(sizes, times, options.maxRun.toNanos())
            : Sizing.fixed(sizes.most());
  }

  /** A run of one size was made. */
  void ran(int size, long nanos) {
    times.ran(size, nanos);
    sizing.ran();
  }

  /** A lane took a batch of so many requests. */
  void took(int requests) {
    crowd += (requests - crowd) / 8;
  }

  /** From how many rows on they are worth a lane of their own. */
  int worthwhile() {
    return sizing.worthwhile();
  }

  /** From how many rows on a lane does not wait for more. */
  int worthNoWait() {
    return sizing.worthNoWait();
  }

  /**
   * How many rows the next batch has at most: of what waits, the share of one lane of those that
   * are free, unless it is not worth a run.
   */
  int mostOf(int rows, int freeLanes) {
    int share = (rows + freeLanes - 1) / freeLanes;
    return Math.min(sizing.most(), Math.max(share, sizing.worthwhile()));
  }

  /**
   * Quick, and alone but for a sample: callers that compute one by one can't be seen to be many.
   */
  boolean isForItsCaller(Request request) {
    return request.rows <= sizes.most()
        && times.isQuick(sizes.indexFor(request.rows), QUICK)
        && crowd < CROWD
        && ++borrowed % SAMPLED != 0;
  }
}
