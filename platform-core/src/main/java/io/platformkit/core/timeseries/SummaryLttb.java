package io.platformkit.core.timeseries;

import io.platformkit.core.timeseries.Gaps.Gap;
import io.platformkit.core.timeseries.Kernel.Triangle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * LTTB over positions {@code [first, end)} of {@link Segments} by what is kept of its blocks: the
 * means come from sums, and of each bucket only those blocks are read whose box can hold the
 * largest triangle.
 */
final class SummaryLttb {
  private static final int BLOCK = Segment.BLOCK;

  private final Segments series;
  private final int first;
  private final int end;

  /** The time that x counts from. */
  private final long origin;

  private final Kernel kernel = Kernel.fastest();
  private final Triangle triangle = new Triangle();
  private final double[] x = new double[BLOCK];
  private double[] bounds = new double[0];
  private double sumX;
  private double sumY;
  private double best;
  private int bestAt;

  SummaryLttb(Segments series, int first, int end) {
    this.series = series;
    this.first = first;
    this.end = end;
    this.origin = series.timeOf(first);
  }

  /** The positions of at most {@code nOut} points, of which there are more. */
  int[] select(int nOut) {
    Gaps gaps = new Gaps(end - first, findGaps());
    int[] selected =
        gaps.fitInto(nOut)
            ? gaps.select(nOut, (from, to, share) -> selectRun(first + from, first + to, share))
            : Lttb.indices(new View(), nOut);
    return Arrays.stream(selected).map(i -> first + i).toArray();
  }

  /** The range as points, for what the summaries do not answer: more gaps than the budget. */
  private final class View implements Points {
    @Override
    public int size() {
      return end - first;
    }

    @Override
    public double x(int i) {
      return xOf(first + i);
    }

    @Override
    public double y(int i) {
      return series.valueOf(first + i);
    }
  }

  /** Only blocks that hold a value that is not finite are read. */
  private List<Gap> findGaps() {
    List<Gap> gaps = new ArrayList<>();
    for (int from = first; from < end; from = blockEnd(from, end)) {
      if (!series.segmentOf(from).isFinite(blockOf(from))) {
        addGaps(gaps, from, blockEnd(from, end));
      }
    }
    return gaps;
  }

  private void addGaps(List<Gap> gaps, int from, int to) {
    Gaps inBlock = Gaps.find(to - from, i -> Double.isFinite(series.valueOf(from + i)));
    for (Gap gap : inBlock.gaps()) {
      int start = gap.from() + from - first;
      boolean continues = !gaps.isEmpty() && gaps.getLast().to() == start;
      int begin = continues ? gaps.removeLast().from() : start;
      gaps.add(new Gap(begin, gap.to() + from - first));
    }
  }

  /** Selects positions relative to {@code first}. */
  private int[] selectRun(int from, int to, int nOut) {
    int[] selected = new int[nOut];
    double every = (double) (to - from - 2) / (nOut - 2);
    int before = from;
    int start = from + 1;
    int next = edge(from, to, every, 1);
    for (int i = 1; i < nOut - 1; i++) {
      int after = edge(from, to, every, i + 1);
      sum(next, after);
      triangle.between(
          xOf(before), series.valueOf(before), sumX / (after - next), sumY / (after - next));
      before = pick(start, next);
      selected[i] = before - first;
      start = next;
      next = after;
    }
    selected[0] = from - first;
    selected[nOut - 1] = to - 1 - first;
    return selected;
  }

  private static int edge(int from, int to, double every, int bucket) {
    return from + Math.min((int) Math.floor(every * bucket) + 1, to - from);
  }

  private double xOf(int position) {
    return series.timeOf(position) - origin;
  }

  private int blockOf(int position) {
    return series.offsetOf(position) / BLOCK;
  }

  /** Where the block of a position ends, or the limit before it. */
  private int blockEnd(int position, int limit) {
    return Math.min(limit, position + BLOCK - series.offsetOf(position) % BLOCK);
  }

  private void sum(int from, int to) {
    sumX = 0;
    sumY = 0;
    for (int position = from; position < to; ) {
      int stop = blockEnd(position, to);
      if (stop - position == BLOCK) {
        Segment segment = series.segmentOf(position);
        sumX += segment.sumTimes(blockOf(position), origin);
        sumY += segment.sumValues(blockOf(position));
      } else {
        sumOneByOne(position, stop);
      }
      position = stop;
    }
  }

  private void sumOneByOne(int from, int to) {
    Segment segment = series.segmentOf(from);
    int offset = series.offsetOf(from);
    for (int i = offset; i < offset + to - from; i++) {
      sumX += segment.times()[i] - origin;
      sumY += segment.values()[i];
    }
  }

  /** The first position of {@code [from, to)} with the largest triangle. */
  private int pick(int from, int to) {
    best = -1;
    bestAt = from;
    int top = bound(from, to);
    look(top, blockEnd(top, to));
    int block = 0;
    for (int position = from; position < to; position = blockEnd(position, to), block++) {
      if (position != top && !(bounds[block] < best)) {
        look(position, blockEnd(position, to));
      }
    }
    return bestAt;
  }

  /** Bounds each block, a part of one by the whole; gives the start of the most promising one. */
  private int bound(int from, int to) {
    int most = (to - from) / BLOCK + 2;
    if (bounds.length < most) {
      bounds = new double[most];
    }
    int top = from;
    double largest = Double.NEGATIVE_INFINITY;
    int block = 0;
    for (int position = from; position < to; block++) {
      int stop = blockEnd(position, to);
      Segment segment = series.segmentOf(position);
      int inSegment = blockOf(position);
      bounds[block] =
          triangle.bound(
              xOf(position), xOf(stop - 1), segment.low(inSegment), segment.high(inSegment));
      if (bounds[block] > largest) {
        largest = bounds[block];
        top = position;
      }
      position = stop;
    }
    return top;
  }

  private void look(int from, int to) {
    Segment segment = series.segmentOf(from);
    int offset = series.offsetOf(from);
    for (int i = 0; i < to - from; i++) {
      x[i] = segment.times()[offset + i] - origin;
    }
    kernel.argMax(x, 0, segment.values(), offset, to - from, triangle);
    if (kernel.area > best || (kernel.area == best && best >= 0 && from < bestAt)) {
      best = kernel.area;
      bestAt = from + kernel.offset;
    }
  }
}
