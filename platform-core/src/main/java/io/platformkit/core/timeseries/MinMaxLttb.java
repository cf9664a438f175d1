package io.platformkit.core.timeseries;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * LTTB over preselected extremes: keeps short spikes that {@link Lttb} may average away, at a
 * strong reduction also faster. Safe for concurrent use.
 *
 * <p>The points between the first and the last fall into {@code 2 · nOut} bins of equally many
 * points, bin {@code i} beginning at {@code floor(i · (n − 2) / bins) + 1}; the first smallest and
 * the first largest y of each bin are kept, and {@link Lttb} selects from these, the first and the
 * last. Where that would keep all points, it is {@link Lttb} itself.
 *
 * <p>Gaps and bad arguments are answered as by {@link Lttb}.
 *
 * @see <a href="https://arxiv.org/abs/2305.00332">J. Van Der Donckt et al., MinMaxLTTB, 2023</a>
 */
public final class MinMaxLttb extends Downsampler {
  /** Preselected points for each point selected, as the paper recommends. */
  private static final int RATIO = 4;

  private static final MinMaxLttb INSTANCE = new MinMaxLttb();

  private MinMaxLttb() {}

  /**
   * The indices of at most {@code nOut} points, ascending.
   *
   * @param nOut at least 2
   * @throws IllegalArgumentException as {@link Lttb#indices}
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
    int bins = nOut * (RATIO / 2);
    if (to - from - 2 <= 2L * bins) {
      return Lttb.INSTANCE.selectFinite(source, from, to, nOut);
    }
    source.requireX(from, to);
    int[] extremes = extremes(source, from, to, bins);
    if (extremes == null) {
      return null;
    }
    int[] selected = Lttb.INSTANCE.selectFinite(source.at(extremes), 0, extremes.length, nOut);
    return selected == null
        ? null
        : Arrays.stream(selected).map(position -> extremes[position]).toArray();
  }

  private static int @Nullable [] extremes(Source source, int from, int to, int bins) {
    Extremes extremes = new Extremes(source.y(), 2 * bins + 2);
    if (!extremes.addOne(from) || !extremes.addOne(to - 1)) {
      return null;
    }
    double every = (double) (to - from - 2) / bins;
    for (int bin = 0; bin < bins; bin++) {
      int start = from + (int) Math.floor(bin * every) + 1;
      int end = bin == bins - 1 ? to - 1 : from + (int) Math.floor((bin + 1) * every) + 1;
      if (!extremes.add(start, end)) {
        return null;
      }
    }
    return extremes.indices();
  }
}
