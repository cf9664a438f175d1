package io.platformkit.core.timeseries;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What all algorithms answer alike: bad arguments, too few points, gaps. */
abstract class Downsampler {
  /**
   * Selects from {@code [from, to)}, of which there are more than {@code nOut} points.
   *
   * @return ascending indices, the first and the last point among them; null if a y is not finite
   */
  abstract int @Nullable [] selectFinite(Source source, int from, int to, int nOut);

  /** The fewest points that can be asked for. */
  abstract int fewest();

  int[] select(Points points, int nOut) {
    if (nOut < fewest()) {
      throw new IllegalArgumentException(
          "nOut was '%d' but it must be at least %d".formatted(nOut, fewest()));
    }
    Source source = Source.of(points);
    if (source.size() <= nOut) {
      source.requireX(0, source.size());
      return IntStream.range(0, source.size()).toArray();
    }
    int[] selected = selectFinite(source, 0, source.size(), nOut);
    return selected != null ? selected : selectWithGaps(source, nOut);
  }

  private int[] selectWithGaps(Source source, int nOut) {
    source.requireX(0, source.size());
    Gaps gaps = Gaps.find(source.size(), i -> Double.isFinite(source.y().get(i)));
    if (gaps.fitInto(nOut)) {
      return gaps.select(nOut, (from, to, share) -> selectRun(source, from, to, share));
    }
    int[] kept = withoutClosed(gaps, gaps.longest(nOut));
    int[] selected = selectWithGaps(source.at(kept), nOut);
    return Arrays.stream(selected).map(i -> kept[i]).toArray();
  }

  /** The indices of all points but those of the gaps that are closed. */
  private static int[] withoutClosed(Gaps all, Gaps kept) {
    BitSet closed = new BitSet(all.size());
    all.gaps().forEach(gap -> closed.set(gap.from(), gap.to()));
    kept.gaps().forEach(gap -> closed.clear(gap.from(), gap.to()));
    return IntStream.range(0, all.size()).filter(i -> !closed.get(i)).toArray();
  }

  private int[] selectRun(Source source, int from, int to, int share) {
    if (share < fewest()) {
      return new int[] {from, to - 1};
    }
    int[] selected = selectFinite(source, from, to, share);
    if (selected == null) {
      throw new IllegalStateException("the points changed while they were read");
    }
    return selected;
  }

  /** The columns of points and what their x has to keep to. */
  record Source(Column x, Column y, boolean xMayRepeat) {
    static Source of(Points points) {
      return new Source(Column.xOf(points), Column.yOf(points), points.xMayRepeat());
    }

    int size() {
      return y.size();
    }

    Source at(int[] indices) {
      return new Source(x.at(indices), y.at(indices), xMayRepeat);
    }

    boolean equidistant() {
      return x instanceof Column.Ramp;
    }

    /** Checks that the x of {@code [from, to)} are finite and continue in order. */
    void requireX(int from, int to) {
      if (equidistant() || (x instanceof Column.Doubles doubles && doubles.increase(from, to))) {
        return;
      }
      for (int i = from; i < to; i++) {
        if (!Double.isFinite(x.get(i))) {
          throw new IllegalArgumentException(
              "x[%d] was '%s' but it must be finite".formatted(i, x.get(i)));
        }
        if (i > 0) {
          requireOrder(i);
        }
      }
    }

    private void requireOrder(int i) {
      double before = x.get(i - 1);
      double now = x.get(i);
      if (now > before || (xMayRepeat && now == before)) {
        return;
      }
      throw new IllegalArgumentException(
          "x[%d] was '%s' but it must be larger than x[%d], '%s'%s"
              .formatted(
                  i,
                  now,
                  i - 1,
                  before,
                  now == before ? "; Points.allowingEqualX() accepts equal neighbours" : ""));
    }

    boolean isFinite(int from, int to) {
      return IntStream.range(from, to).allMatch(i -> Double.isFinite(y.get(i)));
    }
  }
}
