package io.platformkit.core.timeseries;

import org.jspecify.annotations.Nullable;

/**
 * Largest-Triangle-Three-Buckets: picks the points of a line that a chart's reader would miss most.
 * Safe for concurrent use.
 *
 * {@snippet class="io.platformkit.core.timeseries.LttbTest" region="lttb"}
 *
 * <p>The points between the first and the last, which are always kept, fall into {@code nOut - 2}
 * buckets; of each bucket the point is picked that spans the largest triangle with the point picked
 * before and the mean of the bucket after. The selected indices are those of the textbook program
 * in every bit, with the arithmetic fixed as follows (all in {@code double}):
 *
 * <ul>
 *   <li>bucket {@code i} begins at {@code floor(i · every) + 1}, {@code every = (n − 2) / (nOut −
 *       2)};
 *   <li>a mean is a sum divided by the count; the sum is made of eight partial sums {@code s0 …
 *       s7}, each starting at 0, where the value at offset {@code j} of the bucket is added to
 *       {@code s(j mod 8)}, and which are added as {@code ((s0+s1)+(s2+s3))+((s4+s5)+(s6+s7))};
 *   <li>the doubled area is {@code |(ax − mx)·(y − ay) + (my − ay)·(x − ax)|} with the point before
 *       {@code (ax, ay)} and the mean {@code (mx, my)};
 *   <li>of equal areas the first counts; an area that is NaN (after an overflow) never counts, and
 *       if none does, the bucket's first point is picked.
 * </ul>
 *
 * <p>With {@code n ≤ nOut} all points are selected; with {@code nOut} = 2 the first and the last.
 *
 * <p>Gaps stay gaps: where y is NaN or infinite in one or several neighbouring points, the first of
 * them is selected as a mark, and the runs between the gaps share the rest of the budget by their
 * lengths, each with its own first and last point. A gap at the end is marked by the last point.
 * With more gaps than a third of the budget the longest ones are kept, the others are closed as if
 * their points were not there.
 *
 * <p>Of a JVM started with {@code --add-modules jdk.incubator.vector} it uses the Vector API; the
 * result is the same without.
 *
 * @see <a href="https://skemman.is/handle/1946/15343">S. Steinarsson, Downsampling Time Series for
 *     Visual Representation, 2013</a>
 */
public final class Lttb extends Downsampler {
  static final Lttb INSTANCE = new Lttb();

  private Lttb() {}

  /**
   * The indices of at most {@code nOut} points, ascending.
   *
   * @param nOut at least 2
   * @throws IllegalArgumentException if {@code nOut} is too small or an x is not finite or does not
   *     increase; the message names the index
   */
  public static int[] indices(Points points, int nOut) {
    return INSTANCE.select(points, nOut);
  }

  /** A copy of the points at {@link #indices}. */
  public static Points points(Points points, int nOut) {
    return points.at(indices(points, nOut));
  }

  @Override
  int fewest() {
    return 2;
  }

  @Override
  int @Nullable [] selectFinite(Source source, int from, int to, int nOut) {
    return new LttbRun(source, from, to, nOut, Kernel.fastest()).select();
  }
}
